package main

import (
	"fmt"
	"maps"
	"slices"
	"sync"
)

// tally counts what happened.
type tally struct {
	mu     sync.Mutex
	counts map[string]int
}

func (t *tally) add(what string, n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.counts == nil {
		t.counts = map[string]int{}
	}
	t.counts[what] += n
}

func (t *tally) count(name string, e end) {
	how := "finished"
	if e.killed {
		how = "killed"
	}
	t.add(name+" "+how, 1)
}

func (t *tally) print() {
	for _, what := range slices.Sorted(maps.Keys(t.counts)) {
		fmt.Printf("%7d  %s\n", t.counts[what], what)
	}
}
