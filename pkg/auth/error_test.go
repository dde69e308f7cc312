package auth

import (
	"errors"
	"fmt"
	"io"
	"testing"
	"time"
)

func TestErrorText(t *testing.T) {
	for want, e := range map[string]*Error{
		"fact":         {Op: "fact"},
		"fact: EOF":    {Op: "fact", Err: io.EOF},
		"EOF":          {Err: io.EOF},
		`f (code 401)`: {Op: "f", VendorCode: "401", Hint: "run: x", Account: "a"},
		`f ("no")`:     {Op: "f", VendorMessage: "no"},
		`f: EOF (code 401: "say \"no\"", trace 16f6)`: {Op: "f", Err: io.EOF, VendorCode: "401", VendorMessage: `say "no"`, TraceID: "16f6"},
	} {
		if have := e.Error(); have != want {
			t.Errorf("%s, want %s", have, want)
		}
	}
}

func TestErrorChain(t *testing.T) {
	inner := &Error{Kind: Store, Op: "inner", Err: io.EOF}
	outer := fmt.Errorf("x: %w", &Error{Kind: Network, Op: "outer", Err: inner})
	e, ok := AsError(outer)
	if !ok || e.Op != "outer" || !Is(outer, Network) || Is(outer, Store) || !errors.Is(outer, io.EOF) || Is(nil, Internal) || Is(io.EOF, Internal) {
		t.Errorf("%v", e)
	}
}

// TestKinds: each has an exit code of its own, as the contract lists them.
func TestKinds(t *testing.T) {
	want := map[Kind]int{Internal: 1, Usage: 2, NotFound: 3, Denied: 4, Store: 5, MinTTL: 6, Network: 7, Throttled: 8, Vendor: 9, Interrupted: 130}
	if len(want) != len(kinds) {
		t.Errorf("%d kinds", len(kinds))
	}
	for kind, exit := range want {
		again, ok := KindOf(kind.Code())
		if kind.Exit() != exit || !ok || again != kind {
			t.Errorf("%s: exit %d, want %d", kind.Code(), kind.Exit(), exit)
		}
	}
	if _, ok := KindOf("nonsense"); ok {
		t.Error("nonsense is a kind")
	}
}

// TestTokenLeft: a clock that went back behind the issue makes a token old.
func TestTokenLeft(t *testing.T) {
	issued := time.Date(2028, 2, 29, 0, 0, 0, 0, time.UTC)
	token := Token{IssuedAt: issued, ExpiresAt: issued.Add(time.Hour)}
	for after, want := range map[time.Duration]time.Duration{
		0: time.Hour, time.Minute: 59 * time.Minute, time.Hour: 0, 2 * time.Hour: -time.Hour, -2 * time.Second: time.Hour + 2*time.Second, -3 * time.Second: 0, -24 * time.Hour: 0,
	} {
		if have := token.Left(issued.Add(after)); have != want {
			t.Errorf("%v after the issue: %v, want %v", after, have, want)
		}
	}
	if token.Life() != time.Hour {
		t.Error(token.Life())
	}
}
