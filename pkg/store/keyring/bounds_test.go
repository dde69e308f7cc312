package keyring

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hauth/hauth/pkg/store"
)

// sleepy is a keyring that does not answer while it sleeps.
type sleepy struct {
	asleep atomic.Bool
	asked  chan struct{} // receives a value for each call
}

func fallAsleep() *sleepy {
	s := &sleepy{asked: make(chan struct{}, 10)}
	s.asleep.Store(true)
	return s
}

func (s *sleepy) read(ctx context.Context, _ string, _ *collectionName) ([]byte, error) {
	asleep := s.asleep.Load()
	s.asked <- struct{}{}
	if asleep {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return []byte("x"), nil
}

// wake waits until the first call has arrived, which may be later than its
// deadline.
func (s *sleepy) wake() {
	<-s.asked
	s.asleep.Store(false)
}

func (s *sleepy) write(context.Context, string, []byte, *collectionName) error { return nil }
func (s *sleepy) remove(context.Context, string, *collectionName) error        { return nil }

// A keyring that did not answer in time is left alone for 30 seconds and asked
// again after them, in a program that runs for days.
func TestKeyringIsAskedAgain(t *testing.T) {
	now := time.Unix(1e9, 0)
	s := fallAsleep()
	k := &keyring{options: Options{Now: func() time.Time { return now }, timeout: 50 * time.Millisecond}, client: s}
	get := func() error {
		_, err := k.Get(context.Background(), tokenTestKey)
		return err
	}
	if err := get(); !errors.Is(err, store.ErrTimeout) {
		t.Fatalf("asleep: %v", err)
	}
	s.wake()
	k.options.timeout = time.Minute
	for _, later := range []time.Duration{0, 15 * time.Second, 15*time.Second - 1} {
		now = now.Add(later)
		if err := get(); !errors.Is(err, store.ErrTimeout) || len(s.asked) > 0 {
			t.Errorf("%v later: %v, asked %d times", later, err, len(s.asked))
		}
	}
	now = now.Add(1)
	for range 2 {
		if err := get(); err != nil {
			t.Errorf("30 s later: %v", err)
		}
	}
	if len(s.asked) != 2 {
		t.Errorf("asked %d times", len(s.asked))
	}
}

// A clock that was set back does not prolong the wait.
func TestKeyringAndAClockSetBack(t *testing.T) {
	now := time.Unix(1e9, 0)
	s := fallAsleep()
	k := &keyring{options: Options{Now: func() time.Time { return now }, timeout: 50 * time.Millisecond}, client: s}
	k.Get(context.Background(), tokenTestKey)
	s.wake()
	k.options.timeout = time.Minute
	now = now.Add(-time.Hour)
	if _, err := k.Get(context.Background(), tokenTestKey); err != nil {
		t.Error(err)
	}
}

// A caller's own short deadline says nothing about the keyring.
func TestKeyringAndAnImpatientCaller(t *testing.T) {
	s := fallAsleep()
	k := &keyring{options: Options{timeout: time.Minute}, client: s}
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	if _, err := k.Get(ctx, tokenTestKey); !errors.Is(err, store.ErrTimeout) {
		t.Error(err)
	}
	s.wake()
	if _, err := k.Get(context.Background(), tokenTestKey); err != nil {
		t.Error(err)
	}
}

// busy is a keyring that has others to answer as well: each of its answers
// takes a while.
type busy struct {
	answers int
	every   time.Duration
	unheard time.Duration // that a library of others takes, in answers that it gets
}

func (b busy) read(ctx context.Context, _ string, target *collectionName) ([]byte, error) {
	wait := func(d time.Duration) error {
		select {
		case <-time.After(d):
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	for range b.answers {
		if err := wait(b.every); err != nil {
			return nil, err
		}
		target.answered()
	}
	if b.unheard > 0 {
		target.unheard()
		if err := wait(b.unheard); err != nil {
			return nil, err
		}
	}
	return []byte("x"), nil
}

func (busy) write(context.Context, string, []byte, *collectionName) error { return nil }
func (busy) remove(context.Context, string, *collectionName) error        { return nil }

// A thousand processes at once keep a keyring busy for longer than the two
// seconds after which one that does not answer counts as stuck. Each of them got
// its answers; none of them got "timed out".
func TestKeyringIsBusyNotStuck(t *testing.T) {
	tests := []struct {
		name string
		busy busy
		took time.Duration
		want error
	}{
		{"busy", busy{answers: 5, every: 1900 * time.Millisecond}, 9500 * time.Millisecond, nil},
		{"stuck", busy{answers: 1, every: time.Hour}, 2 * time.Second, store.ErrTimeout},
		{"stuck after an answer", busy{answers: 2, every: 2100 * time.Millisecond}, 2 * time.Second, store.ErrTimeout},
		{"never done", busy{answers: 100, every: time.Second}, 20 * time.Second, store.ErrTimeout},
		{"a library waits", busy{answers: 1, every: time.Second, unheard: 10 * time.Second}, 11 * time.Second, nil},
		{"a library waits for ever", busy{answers: 1, every: time.Second, unheard: time.Hour}, 20 * time.Second, store.ErrTimeout},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				k := &keyring{client: tt.busy}
				begun := time.Now()
				_, err := k.Get(t.Context(), tokenTestKey)
				if !errors.Is(err, tt.want) || time.Since(begun) != tt.took {
					t.Errorf("%v after %v", err, time.Since(begun))
				}
				if tt.want != nil && !k.unresponsive() {
					t.Error("it is asked again at once")
				}
			})
		})
	}
}
