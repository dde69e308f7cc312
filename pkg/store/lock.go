package store

import (
	"context"
	"errors"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// beside is what lies next to an account: its locks and its attempts file,
// whose names begin with base.
type beside struct {
	base    string
	disk    disk
	notices *notices
}

// Waiting polls: a blocking flock cannot be given up, and the runtime would
// need a thread for it. The pace keeps 200 waiters from being noticed.
const (
	firstPoll = time.Millisecond
	lastPoll  = 20 * time.Millisecond
)

// errHeld is what tryLock returns while another holds the lock.
var errHeld = errors.New("held")

func (b beside) tryLock(path string) (release func(), err error) {
	if err := b.disk.before("lock", path); err != nil {
		return nil, err
	}
	return tryLock(path)
}

// lock takes the account's lock, or the second lock beside it, for at most
// wait; see Vault.Lock.
func (b beside) lock(ctx context.Context, second bool, wait time.Duration) (func(), error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	path := b.base + ".lock"
	if second {
		path += "2"
	}
	if err := b.disk.mkdir(filepath.Dir(path)); err != nil {
		return nil, cannot("lock", path, err)
	}
	end := time.Now().Add(wait)
	for pause := firstPoll; ; pause = min(2*pause, lastPoll) {
		release, err := b.tryLock(path)
		switch {
		case err == nil:
			return sync.OnceFunc(release), nil
		case !errors.Is(err, errHeld):
			return nil, cannot("lock", path, err)
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
