package hauth

import (
	"hash/maphash"
	"net/http"
	"sync"
	"time"
)

// holds prevent refreshes for responses that say "401" for another reason than
// the token. When a path refuses a new token as well, its refusals are ignored
// for a while, and so are those of all paths that have never accepted a token.
// A path that has accepted one is never held because of another.
type holds struct {
	mu        sync.Mutex
	seed      maphash.Seed
	accepted  map[uint64]struct{}
	held      map[uint64]hold
	strangers hold // of all paths that are not in accepted
}

// hold says until when refusals of the token are ignored.
type hold struct {
	until time.Time
	wait  time.Duration // how long the last one was
}

const (
	minHold  = 30 * time.Second
	maxHold  = 15 * time.Minute
	mostKeys = 1 << 14 // paths that are remembered; an API has fewer, except for those with names in them
)

// key names method and path; the query does not count.
func (h *holds) key(req *http.Request) uint64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.accepted == nil {
		h.seed, h.accepted, h.held = maphash.MakeSeed(), map[uint64]struct{}{}, map[uint64]hold{}
	}
	return maphash.String(h.seed, req.Method+" "+req.URL.EscapedPath())
}

// left is how long the path is held at now; 0: it is not.
func (h *holds) left(key uint64, now time.Time) time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	left := h.held[key].left(now)
	if _, accepted := h.accepted[key]; !accepted {
		left = max(left, h.strangers.left(now))
	}
	return left
}

// accept notes that the path has accepted a token. helped says that it had
// refused the previous token: then the token was the reason for the
// refusals.
func (h *holds) accept(key uint64, helped bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, known := h.accepted[key]; !known {
		makeRoom(h.accepted)
		h.accepted[key] = struct{}{}
	}
	delete(h.held, key)
	if helped {
		h.strangers = hold{}
	}
}

// refuse notes that the path has refused a new token.
func (h *holds) refuse(key uint64, now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	makeRoom(h.held)
	h.held[key] = h.held[key].again(now)
	if _, accepted := h.accepted[key]; !accepted {
		h.strangers = h.strangers.again(now)
	}
}

// left bounds what is left: a clock that went back must not hold for longer.
func (d hold) left(now time.Time) time.Duration {
	return min(max(0, d.until.Sub(now)), d.wait)
}

// again starts the next hold, twice as long as the last. Of several
// concurrent requests only the first does so.
func (d hold) again(now time.Time) hold {
	if d.left(now) > 0 {
		return d
	}
	wait := min(max(minHold, 2*d.wait), maxHold)
	return hold{now.Add(wait), wait}
}

// makeRoom keeps a map bounded by dropping arbitrary entries.
func makeRoom[V any](m map[uint64]V) {
	for key := range m {
		if len(m) < mostKeys {
			return
		}
		delete(m, key)
	}
}
