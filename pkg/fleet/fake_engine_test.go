package fleet

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

// engine is a fake that can misbehave.
type engine struct {
	mu     sync.Mutex
	values map[string][]byte
	offset time.Duration // of its clock
	tick   time.Duration // of its clock
	took   time.Duration // per call
	down   bool
	reject error            // every login is refused
	cut    map[string]bool  // machines that cannot reach it
	onSwap func(n int) swap // what becomes of the nth Swap
	meter  func()           // called for each call
	tries  int
	reads  int
	swaps  int
}

// swap is what becomes of a Swap.
type swap int

const (
	fine     swap = iota
	lost          // nothing is written, and an error is the answer
	applied       // it is written, and an error is the answer
	repeated      // it is written, and asked for again: a conflict is the answer
)

var errDown = errors.New("connection reset")

// port is the engine as one process reaches it.
type port struct {
	e *engine
	p *process
}

func (o port) call(ctx context.Context) error {
	o.e.mu.Lock()
	took := o.e.took
	o.e.tries++
	if o.e.meter != nil {
		o.e.meter()
	}
	o.e.mu.Unlock()
	if !sleep(ctx, took) && took > 0 {
		return ctx.Err()
	}
	o.e.mu.Lock()
	defer o.e.mu.Unlock()
	switch {
	case o.e.reject != nil:
		return o.e.reject
	case o.e.down, o.e.cut[o.p.m.name], o.p.killed():
		return errDown
	}
	return ctx.Err()
}

func (o port) Read(ctx context.Context, name string) (Entry, error) {
	if err := o.call(ctx); err != nil {
		return Entry{}, err
	}
	o.e.mu.Lock()
	defer o.e.mu.Unlock()
	o.e.reads++
	o.p.m.calls++
	return Entry{Data: slices.Clone(o.e.values[name]), Now: time.Now().Add(o.e.offset).Truncate(max(o.e.tick, 1)), Tick: o.e.tick}, nil
}

func (o port) Swap(ctx context.Context, name string, was Entry, data []byte, keep time.Duration) (Entry, error) {
	if err := o.call(ctx); err != nil {
		return Entry{}, err
	}
	o.e.mu.Lock()
	defer o.e.mu.Unlock()
	if keep <= 0 {
		return Entry{}, errors.New("nothing is kept for no time")
	}
	o.e.swaps++
	o.p.m.calls++
	var becomes swap
	if o.e.onSwap != nil {
		becomes = o.e.onSwap(o.e.swaps)
	}
	if becomes == lost {
		return Entry{}, errDown
	}
	if string(o.e.values[name]) != string(was.Data) {
		return Entry{}, ErrConflict
	}
	o.e.values[name] = slices.Clone(data)
	switch becomes {
	case applied:
		return Entry{}, errDown
	case repeated:
		return Entry{}, ErrConflict
	}
	return Entry{Data: slices.Clone(data)}, nil
}

func (o port) Close() {}

func (e *engine) set(change func(*engine)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	change(e)
}
