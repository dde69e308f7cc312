package fleet

import (
	"context"
	"errors"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// Engine keeps one opaque value under each name and replaces it only when
// nobody else has.
//
// Its errors, [ErrConflict] apart, are of type *auth.Error and Kind Store.
// One that is Retryable is an outage; any other is a mistake that somebody
// must mend, such as a wrong password.
type Engine interface {
	// Read returns what is kept under name, and the engine's own time.
	Read(ctx context.Context, name string) (Entry, error)

	// Swap replaces what was read, or what an earlier Swap left, by data, and
	// returns the entry to be replaced next. It returns ErrConflict when
	// something else is kept by now. The engine may forget the data once keep
	// has passed. After any other error it is unknown which of the two is
	// kept.
	Swap(ctx context.Context, name string, was Entry, data []byte, keep time.Duration) (Entry, error)

	// Close ends the connections. The Engine may be used again.
	Close()
}

// Entry is what an Engine keeps under a name.
type Entry struct {
	Data    []byte // nil: nothing is kept
	Version string // the engine's name for this state of it, where Data alone does not tell
	Now     time.Time
	Tick    time.Duration // by how much the engine may be later than Now, which has no finer units
}

// ErrConflict is what Swap returns when another process was faster.
var ErrConflict = errors.New("another process has replaced the fleet's record")

// mistake reports that err will not go away by itself.
func mistake(err error) bool {
	e, ok := auth.AsError(err)
	return ok && !e.Retryable
}

// asEngineError makes an outage of what an Engine returned without a type.
func asEngineError(err error, shown string) error {
	if err == nil || errors.Is(err, ErrConflict) {
		return err
	}
	if _, ok := auth.AsError(err); ok {
		return err
	}
	if errors.Is(err, context.DeadlineExceeded) {
		err = errors.New("no response in time")
	}
	return &auth.Error{
		Kind: auth.Store, Fact: "cannot reach the fleet engine " + shown, Err: err,
		Remedy: auth.RemedyEngine, Subject: shown, Retryable: true,
	}
}
