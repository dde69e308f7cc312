package hauth

import (
	"net/http/httptest"
	"testing"
	"time"
)

func TestHolds(t *testing.T) {
	now := time.Unix(1_000_000, 0)
	h := &holds{}
	key := func(path string) uint64 { return h.key(httptest.NewRequest("GET", path, nil)) }
	good, bad, other := key("/good?a=b"), key("/bad"), key("/other")
	if good != key("/good") {
		t.Error("the query counts")
	}
	h.accept(good, false)
	h.refuse(bad, now)
	for _, c := range []struct {
		name string
		key  uint64
		want time.Duration
	}{{"itself", bad, 30 * time.Second}, {"one that never accepted a token", other, 30 * time.Second}, {"one that did", good, 0}} {
		if left := h.left(c.key, now); left != c.want {
			t.Errorf("%s is held for %s, want %s", c.name, left, c.want)
		}
	}
	h.refuse(bad, now.Add(time.Second)) // at the same time as others
	if left := h.left(bad, now.Add(10*time.Second)); left != 20*time.Second {
		t.Errorf("held for %s", left)
	}
	if left := h.left(bad, now.Add(-time.Hour)); left > 30*time.Second {
		t.Errorf("a clock that went back holds for %s", left)
	}
	for _, want := range []time.Duration{60 * time.Second, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 15 * time.Minute, 15 * time.Minute} {
		now = now.Add(h.left(bad, now))
		if left := h.left(bad, now); left != 0 {
			t.Fatalf("still held for %s", left)
		}
		if h.refuse(bad, now); h.left(bad, now) != want {
			t.Errorf("held for %s, want %s", h.left(bad, now), want)
		}
	}
	h.accept(good, true)
	if h.left(other, now) != 0 || h.left(bad, now) == 0 {
		t.Error("a refresh that helped lifts the second hold, and no other")
	}
	if h.accept(bad, false); h.left(bad, now) != 0 {
		t.Error("a path that accepts a token is held")
	}
	for i := range 3 * mostKeys {
		h.accept(uint64(i), false)
		h.refuse(uint64(i), now)
	}
	if len(h.accepted) > mostKeys || len(h.held) > mostKeys {
		t.Errorf("%d and %d paths are remembered", len(h.accepted), len(h.held))
	}
}
