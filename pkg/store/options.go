package store

import (
	"sync"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// Options say where an account is stored and how to reach what it needs.
type Options struct {
	Dirs    Dirs
	Notice  func(string)                       // one line for the user; nil: none
	Backend func(name string) (Backend, error) // opens Keyring or File
	Now     func() time.Time                   // nil: time.Now

	// Takeover is how long a process waits for a lock before it goes on beside
	// the holder; 0: 25 s, which is longer than any holder needs.
	Takeover time.Duration

	disk disk // the zero disk is the real one
}

func (o Options) now() time.Time {
	if o.Now != nil {
		return o.Now()
	}
	return time.Now()
}

func (o Options) backend(name string) (Backend, error) {
	if o.Backend == nil {
		return nil, &auth.Error{Kind: auth.Internal, Fact: "no store can be opened here"}
	}
	return o.Backend(name)
}

// notices passes each line on once: a record is read before and after the
// wait for a lock, and its defect is worth one line.
type notices struct {
	to   func(string)
	mu   sync.Mutex
	seen map[string]bool
}

func (n *notices) say(line string) {
	if n == nil || n.to == nil {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.seen[line] {
		return
	}
	if n.seen == nil {
		n.seen = make(map[string]bool)
	}
	n.seen[line] = true
	n.to(line)
}
