package store

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

func TestLock(t *testing.T) {
	o, _ := testOptions(t)
	v := login(t, o, File, "a")
	unlock, err := v.Lock(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, wait := range []time.Duration{0, 30 * time.Millisecond} {
		start := time.Now()
		if _, err := reopen(t, o).Lock(t.Context(), wait); !errors.Is(err, auth.ErrBusy) || time.Since(start) < wait {
			t.Errorf("held: %v after %v, want busy after %v", err, time.Since(start), wait)
		}
	}
	// A wait as long as a takeover ends at the second lock, and after both it
	// is no longer said that somebody is busy.
	impatient := o
	impatient.Takeover = 20 * time.Millisecond
	second, err := reopen(t, impatient).Lock(t.Context(), impatient.Takeover)
	if err != nil {
		t.Fatalf("second lock: %v", err)
	}
	if _, err := reopen(t, impatient).Lock(t.Context(), impatient.Takeover); err == nil || errors.Is(err, auth.ErrBusy) {
		t.Errorf("second lock, held: %v", err)
	}
	second()

	cancelled, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := v.Lock(cancelled, time.Minute); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("cancelled: %v", err)
	}
	if _, err := v.Lock(cancelled, 0); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("cancelled before, free lock: %v", err)
	}

	unlock()
	again, err := v.Lock(t.Context(), 0)
	if err != nil {
		t.Fatalf("after unlock: %v", err)
	}
	unlock() // a second call must not end another's lock
	if _, err := v.Lock(t.Context(), 0); !errors.Is(err, auth.ErrBusy) {
		t.Errorf("unlocked by the one before: %v", err)
	}
	again()
	// Each account has its own locks.
	other, err := Create(t.Context(), o, auth.Account{Provider: "123pan", Profile: "work"}, File)
	if err != nil {
		t.Fatal(err)
	}
	hold, _ := v.Lock(t.Context(), 0)
	defer hold()
	if unlock, err := other.Lock(t.Context(), 0); err != nil {
		t.Errorf("another account: %v", err)
	} else {
		unlock()
	}
}

func TestLockExcludes(t *testing.T) {
	o, _ := testOptions(t)
	v := login(t, o, File, "a")
	var inside, most, entered atomic.Int32
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			unlock, err := v.Lock(t.Context(), time.Minute)
			if err != nil {
				t.Error(err)
				return
			}
			if n := inside.Add(1); n > 1 {
				most.Store(n)
			}
			entered.Add(1)
			inside.Add(-1)
			unlock()
		})
	}
	wg.Wait()
	if most.Load() > 1 || entered.Load() != 50 {
		t.Errorf("%d inside at once, %d entered", most.Load(), entered.Load())
	}
}

func TestLockCannotBeMade(t *testing.T) {
	o, _ := testOptions(t)
	v := login(t, o, File, "a")
	put(t, o.Dirs.State, "a file where a directory should be")
	_, err := v.Lock(t.Context(), time.Minute)
	wantErr(t, err, auth.Store, nil)
	if err := v.SaveAttempt(testAttempt()); !auth.Is(err, auth.Store) {
		t.Errorf("attempt: %v", err)
	}
}

// A short wait is not prolonged by more than 20 ms, a long one by a twentieth,
// and a thousand that wait for seconds leave the holder a processor.
func TestPollingSlowsDown(t *testing.T) {
	pause, polls := firstPoll, 0
	for waited := time.Duration(0); waited < 10*time.Second; waited += pause {
		if pause > usualPoll && pause > waited/pollsOfAll {
			t.Errorf("after %v the next look is in %v", waited, pause)
		}
		pause = nextPoll(pause, waited)
		polls++
	}
	if polls > 150 {
		t.Errorf("%d looks in ten seconds", polls)
	}
}
