package keyring

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/store"
)

// defaultNoticeAfter is how long an attended operation waits in silence.
const defaultNoticeAfter = time.Second

// collectionName is the collection that an operation uses, for its notice and
// its error. A goroutine that the operation no longer waits for may set it.
type collectionName struct{ name atomic.Pointer[string] }

func (n *collectionName) String() string {
	if name := n.name.Load(); name != nil {
		return *name
	}
	return defaultCollection
}

func (n *collectionName) set(name string) { n.name.Store(&name) }

// bounded runs f, which may block for ever or panic, and returns its result or
// an *auth.Error. After the deadline it returns without waiting for f, which
// does not prevent the process from ending.
func bounded[T any](ctx context.Context, k *keyring, op operation, f func(context.Context, *collectionName) (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	var none T
	target := new(collectionName)
	if k.unresponsive() {
		return none, failure(op, target.String(), fmt.Errorf("%w earlier", store.ErrTimeout))
	}

	limit := k.options.deadline()
	callers, ok := ctx.Deadline()
	impatient := ok && time.Until(callers) < limit
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if k.options.Attended && k.options.Notice != nil {
		after := k.options.noticeAfter
		if after == 0 {
			after = defaultNoticeAfter
		}
		defer time.AfterFunc(after, func() {
			k.options.Notice(fmt.Sprintf("waiting for the keyring (%s) …", target))
		}).Stop()
	}

	done := make(chan result, 1)
	go func() {
		var r result
		defer func() {
			if p := recover(); p != nil {
				r.err = fmt.Errorf("%w: %s", store.ErrBroken, auth.Printable(fmt.Sprint(p)))
			}
			done <- r
		}()
		r.value, r.err = f(ctx, target)
	}()

	var r result
	select {
	case r = <-done:
	case <-ctx.Done():
		r.err = ctx.Err()
	}
	switch {
	case r.err == nil:
		return r.value, nil
	case errors.Is(ctx.Err(), context.Canceled) && isCut(r.err):
		r.err = context.Canceled
	case isCut(r.err):
		if !impatient { // otherwise the keyring had less time than it may take
			k.noteTimeout()
		}
		r.err = store.ErrTimeout
	}
	return none, failure(op, target.String(), r.err)
}

// isCut reports whether err comes from the operation's deadline or
// cancellation.
func isCut(err error) bool {
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) ||
		errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, store.ErrTimeout)
}
