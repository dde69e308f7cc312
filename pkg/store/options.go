package store

import (
	"fmt"
	"slices"
	"time"

	"github.com/hauth/hauth/internal/disk"
	"github.com/hauth/hauth/pkg/auth"
)

// Options say where accounts are stored and how to reach what they need.
type Options struct {
	Dirs     Dirs
	Backends []Named          // the stores that an account can be pinned to
	Notice   func(string)     // one line for the user about the account that is opened; nil: none
	Now      func() time.Time // nil: time.Now

	// Takeover is how long a process waits for a lock before it takes the
	// second one; 0: 25 s, which is longer than any holder needs.
	Takeover time.Duration

	disk disk.Disk // the zero Disk is the real one
}

// Named is a row of the table of backends.
type Named struct {
	Name  string // as account files and status show it: a well-formed name
	Title string // what it is, for people: "the OS keyring"
	Open  func() (Backend, error)
}

func (o Options) now() time.Time {
	if o.Now != nil {
		return o.Now()
	}
	return time.Now()
}

// open opens the backend of that name.
func (o Options) open(name string) (Backend, error) {
	for _, b := range o.Backends {
		if b.Name == name {
			return b.Open()
		}
	}
	return nil, &auth.Error{Kind: auth.Store, Fact: fmt.Sprintf("unknown store %q", auth.Printable(name))}
}

// knows reports whether the table has a backend of that name.
func (o Options) knows(name string) bool {
	return slices.ContainsFunc(o.Backends, func(b Named) bool { return b.Name == name })
}
