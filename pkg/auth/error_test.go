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
		"fact":         {Fact: "fact"},
		"fact: EOF":    {Fact: "fact", Err: io.EOF},
		"EOF":          {Err: io.EOF},
		`f (code 401)`: {Fact: "f", VendorCode: "401", Remedy: RemedyLogin},
		`a: f: g`:      {Account: "a", Fact: "f", Err: &Error{Account: "a", Fact: "g"}},
		`f ("no")`:     {Fact: "f", VendorMessage: "no"},
		`f: EOF (code 401: "say \"no\"", trace 16f6)`: {Fact: "f", Err: io.EOF, VendorCode: "401", VendorMessage: `say "no"`, TraceID: "16f6"},
	} {
		if have := e.Error(); have != want {
			t.Errorf("%s, want %s", have, want)
		}
	}
}

func TestErrorChain(t *testing.T) {
	inner := &Error{Kind: Store, Fact: "inner", Err: io.EOF}
	outer := fmt.Errorf("x: %w", &Error{Kind: Network, Fact: "outer", Err: inner})
	e, ok := AsError(outer)
	if !ok || e.Fact != "outer" || !Is(outer, Network) || Is(outer, Store) || !errors.Is(outer, io.EOF) || Is(nil, Internal) || Is(io.EOF, Internal) {
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

// TestTokenLeft: a token counts as expired if the clock has gone back to
// before it was issued.
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

// TestExpiring: the last tenth of a life, at most its last 5 minutes.
func TestExpiring(t *testing.T) {
	issued := time.Date(2028, 2, 29, 0, 0, 0, 0, time.UTC)
	for life, ahead := range map[time.Duration]time.Duration{
		time.Minute: 6 * time.Second, 30 * time.Minute: 3 * time.Minute, 2 * time.Hour: 5 * time.Minute, 90 * 24 * time.Hour: 5 * time.Minute,
	} {
		token := Token{IssuedAt: issued, ExpiresAt: issued.Add(life)}
		if token.Expiring(token.ExpiresAt.Add(-ahead)) {
			t.Errorf("a life of %s is expiring with %s left", life, ahead)
		}
		if !token.Expiring(token.ExpiresAt.Add(time.Nanosecond - ahead)) {
			t.Errorf("a life of %s is not expiring with less than %s left", life, ahead)
		}
	}
}

// TestNewerThan: the vendor's clock orders tokens; the local one does where
// the vendor's is not known of both, or names the same second.
func TestNewerThan(t *testing.T) {
	base := time.Date(2028, 2, 29, 0, 0, 0, 0, time.UTC)
	at := func(issued, vendor int) Token {
		token := Token{IssuedAt: base.Add(time.Duration(issued) * time.Second)}
		if vendor >= 0 {
			token.VendorAt = base.Add(time.Duration(vendor) * time.Second)
		}
		return token
	}
	for _, test := range []struct {
		t, u Token
		want bool
	}{
		{at(0, 9), at(5, 3), true}, {at(5, 3), at(0, 9), false},
		{at(5, 3), at(0, 3), true}, {at(0, 3), at(5, 3), false},
		{at(5, -1), at(0, 9), true}, {at(0, 9), at(5, -1), false},
		{at(0, 0), at(0, 0), false},
	} {
		if test.t.NewerThan(test.u) != test.want {
			t.Errorf("%v newer than %v: want %t", test.t, test.u, test.want)
		}
	}
}
