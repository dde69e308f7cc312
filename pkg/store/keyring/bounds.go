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
//
// It also tells how the keyring is doing, to whom it may concern: one that
// answers is not stuck, however many others it has to answer.
type collectionName struct {
	name    atomic.Pointer[string]
	silence *time.Timer   // ends the operation; nil: nothing does
	limit   time.Duration // of silence
}

func (n *collectionName) String() string {
	if name := n.name.Load(); name != nil {
		return *name
	}
	return defaultCollection
}

func (n *collectionName) set(name string) { n.name.Store(&name) }

// answered starts the wait for the next answer.
func (n *collectionName) answered() {
	if n.silence != nil {
		n.silence.Reset(n.limit)
	}
}

// unheard is for answers that go past hauth, to a library of others: until the
// next one that is heard, only the operation as a whole is bounded.
func (n *collectionName) unheard() {
	if n.silence != nil {
		n.silence.Stop()
	}
}

// bounded runs f, which may block for ever or panic, and returns its result or
// an *auth.Error. After the deadline it returns without waiting for f, which
// holds nothing that keeps the process from ending.
//
// There are two deadlines: for an answer, and for all of it. A thousand processes
// at once keep a healthy keyring busy for longer than one that is stuck should
// hold anybody up.
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

	most := k.options.most()
	callers, ok := ctx.Deadline()
	impatient := ok && time.Until(callers) < most
	total, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	ctx, stop := context.WithCancelCause(total)
	defer stop(nil)
	target.limit = k.options.deadline()
	target.silence = time.AfterFunc(target.limit, func() { stop(errSilence) })
	defer target.silence.Stop()
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
	case errors.Is(context.Cause(ctx), context.Canceled) && isCut(r.err):
		r.err = context.Canceled
	case isCut(r.err):
		if !impatient || context.Cause(ctx) == errSilence { // else the keyring did not have its time
			k.noteTimeout()
		}
		r.err = store.ErrTimeout
	}
	return none, failure(op, target.String(), r.err)
}

// errSilence is why an operation ends whose answers do not come.
var errSilence = errors.New("the keyring does not answer")

// isCut reports whether err comes from the end of the operation's time or from
// its cancellation.
func isCut(err error) bool {
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) ||
		errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, store.ErrTimeout)
}
