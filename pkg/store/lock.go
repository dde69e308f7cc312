package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"time"

	"github.com/hauth/hauth/internal/disk"
	"github.com/hauth/hauth/pkg/auth"
)

// sidecar is what is stored next to an account: its locks and its attempts
// file, whose names begin with base.
type sidecar struct {
	base     string
	takeover time.Duration
	disk     disk.Disk
	notices  *notices
	*seen
}

// StateFile is the path of a file for what all processes of this machine
// should know of the account, with that suffix; empty where nothing is kept. It
// holds no secret.
func (s sidecar) StateFile(suffix string) string {
	if s.base == "" {
		return ""
	}
	return s.base + suffix
}

// errBothHeld is why there is no lock when two processes were stopped, one
// while it held the first lock and one while it held the second.
var errBothHeld = errors.New("both of the account's locks are held by other processes")

// Waiting is polling: a blocking flock cannot be cancelled, and needs a thread.
// At this pace 200 waiting processes cost next to nothing.
const (
	firstPoll = time.Millisecond
	lastPoll  = 20 * time.Millisecond
)

// lock takes the account's lock; see Vault.Lock. A holder that is stopped or
// suspended costs the wait only once: after it, all that waited compete for the
// second lock, which only one of them gets.
func (s sidecar) lock(ctx context.Context, wait time.Duration) (func(), error) {
	takeover := s.takeover
	if takeover == 0 {
		takeover = auth.MaxLockWait
	}
	unlock, err := s.lockFile(ctx, s.base+".lock", wait)
	if !errors.Is(err, auth.ErrBusy) || wait < takeover {
		return unlock, err
	}
	s.notices.notify(fmt.Sprintf("another hauth process has held the lock for %s; continuing without waiting for it", wait))
	unlock, err = s.lockFile(ctx, s.base+".lock2", wait)
	if errors.Is(err, auth.ErrBusy) {
		err = errBothHeld
	}
	return unlock, err
}

// lockFile takes one lock file, waiting for at most wait.
func (s sidecar) lockFile(ctx context.Context, path string, wait time.Duration) (func(), error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := s.disk.Mkdir(filepath.Dir(path)); err != nil {
		return nil, disk.Cannot("lock", path, err)
	}
	end := time.Now().Add(wait)
	for pause := firstPoll; ; pause = min(2*pause, lastPoll) {
		release, err := s.disk.TryLock(path)
		switch {
		case err == nil:
			return sync.OnceFunc(release), nil
		case !errors.Is(err, disk.ErrHeld):
			return nil, disk.Cannot("lock", path, err)
		}
		left := time.Until(end)
		if left <= 0 {
			return nil, auth.ErrBusy
		}
		timer := time.NewTimer(min(left, pause/2+rand.N(pause)))
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return nil, ctx.Err()
		}
	}
}
