package store

import "sync"

// notices passes each line on once: a record is read before and after the wait
// for a lock, and a defect in it should be reported only once.
type notices struct {
	to   func(string)
	mu   sync.Mutex
	seen map[string]bool
}

func (n *notices) notify(line string) {
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
