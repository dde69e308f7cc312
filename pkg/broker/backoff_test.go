package broker

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

func TestDeniedIsNotSentAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.refuse = denied()
		w.fails(t, Want{}, auth.Denied)
		for range 29 {
			time.Sleep(time.Second)
			e := w.fails(t, Want{}, auth.Denied)
			if e.VendorCode != "401" {
				t.Fatal("the stored failure lost its code")
			}
		}
		w.asked(t, 1)
		time.Sleep(time.Second)
		w.fails(t, Want{}, auth.Denied)
		w.asked(t, 2)
		for _, wait := range []time.Duration{60, 120, 240, 480, 900, 900} { // seconds
			time.Sleep(wait*time.Second - time.Second)
			n := w.requests
			w.fails(t, Want{}, auth.Denied)
			w.asked(t, n)
			time.Sleep(time.Second)
			w.fails(t, Want{}, auth.Denied)
			w.asked(t, n+1)
		}
	})
}

func TestCorrectedSecretIsTriedAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.refuse = denied()
		w.fails(t, Want{}, auth.Denied)
		w.refuse, w.creds.ID = nil, "creds-2"
		w.want(t, Want{}, "token-2")
	})
}

func TestExplicitRefreshOverridesBackoff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.refuse = denied()
		w.fails(t, Want{}, auth.Denied)
		w.refuse = nil
		w.want(t, Want{Refresh: true}, "token-2")
	})
}

func TestRetryAfterBindsEverybody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.refuse = throttled()
		w.fails(t, Want{}, auth.Throttled)
		w.refuse = nil
		for _, want := range []Want{{}, {Refresh: true}, {MinTTL: time.Minute}} {
			time.Sleep(10 * time.Second)
			e := w.fails(t, want, auth.Throttled)
			if left := 40*time.Second - time.Since(w.attempt.At); e.RetryAfter != left {
				t.Errorf("retry after %s, want %s", e.RetryAfter, left)
			}
		}
		w.asked(t, 1)
		time.Sleep(10 * time.Second)
		w.want(t, Want{}, "token-2")
	})
}

func TestThrottledWithoutRetryAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.refuse = &auth.Error{Kind: auth.Throttled, Fact: "wait"}
		w.fails(t, Want{}, auth.Throttled)
		w.refuse = nil
		if e := w.fails(t, Want{}, auth.Throttled); e.RetryAfter != 30*time.Second {
			t.Errorf("retry after %s, want 30s", e.RetryAfter)
		}
		w.want(t, Want{Refresh: true}, "token-2") // the vendor named no time
	})
}

func TestEvery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.limits.Every = 5 * time.Minute
		w.want(t, Want{}, "token-1")
		time.Sleep(time.Minute)
		if e := w.fails(t, Want{Refresh: true}, auth.Throttled); e.RetryAfter != 4*time.Minute {
			t.Errorf("retry after %s, want 4m", e.RetryAfter)
		}
		w.want(t, Want{}, "token-1")
		time.Sleep(4 * time.Minute)
		w.want(t, Want{Refresh: true}, "token-2")
	})
}

func TestLoginIsBoundByNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.refuse = throttled()
		w.fails(t, Want{}, auth.Throttled)
		w.refuse = nil
		if _, err := w.broker().Login(t.Context(), w, auth.Credentials{ID: "creds-2"}, true); err != nil {
			t.Fatal(err)
		}
		if w.creds.ID != "creds-2" || w.token.Value.Reveal() != "token-2" {
			t.Error("login did not store what it got")
		}
	})
}

// TestKindsOfFailureCountApart: what a refusal costs grows with refusals alone.
func TestKindsOfFailureCountApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.refuse = denied()
		w.fails(t, Want{}, auth.Denied)
		time.Sleep(minBackoff)
		w.refuse = down()
		w.fails(t, Want{}, auth.Network)
		w.refuse = denied()
		w.fails(t, Want{}, auth.Denied)
		if wait := w.attempt.RetryAt.Sub(w.attempt.At); wait != minBackoff || w.attempt.Failures != 1 {
			t.Errorf("%d failures, %s to wait", w.attempt.Failures, wait)
		}
	})
}

// TestLoginWithoutVerification asks nobody, so that no attempt binds anybody.
func TestLoginWithoutVerification(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.limits.Every = time.Hour
		if _, err := w.broker().Login(t.Context(), w, auth.Credentials{ID: "creds-2"}, false); err != nil {
			t.Fatal(err)
		}
		if w.creds.ID != "creds-2" || !w.attempt.IsZero() {
			t.Errorf("credentials %s, attempt %+v", w.creds.ID, w.attempt)
		}
		w.want(t, Want{}, "token-1")
	})
}

// TestInterruptedLogin: who interrupts a login does not find it done.
func TestInterruptedLogin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		ctx, cancel := context.WithCancel(t.Context())
		b := w.broker()
		b.Exchanger = func() (Exchanger, auth.Limits, error) { return cancelling{w, cancel}, auth.Limits{}, nil }
		if _, err := b.Login(ctx, w, auth.Credentials{ID: "creds-2"}, true); !auth.Is(err, auth.Interrupted) {
			t.Errorf("got %v, want kind interrupted", err)
		}
		if w.creds.ID != "creds-1" || !w.token.Value.IsEmpty() {
			t.Error("an interrupted login left traces")
		}
	})
}

func TestRefusedLoginChangesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.give("old", 0, time.Hour)
		w.refuse = denied()
		if _, err := w.broker().Login(t.Context(), w, auth.Credentials{ID: "creds-2"}, true); !auth.Is(err, auth.Denied) {
			t.Fatalf("got %v, want kind denied", err)
		}
		if w.creds.ID != "creds-1" || !w.attempt.IsZero() {
			t.Error("a refused login left traces")
		}
		w.want(t, Want{}, "old")
	})
}

func TestClockThatWentBackFreesTheLedger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.refuse = denied()
		w.fails(t, Want{}, auth.Denied)
		w.refuse, w.offset = nil, -time.Hour
		w.want(t, Want{}, "token-2")
	})
}

func TestEveryCountsLoginButNoFailedConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.limits.Every = 5 * time.Minute
		w.refuse = down()
		w.fails(t, Want{}, auth.Network)
		w.refuse = nil
		if _, err := w.broker().Login(t.Context(), w, auth.Credentials{ID: "creds-2"}, true); err != nil {
			t.Fatal(err)
		}
		w.fails(t, Want{Refresh: true}, auth.Throttled)
		time.Sleep(5 * time.Minute)
		w.want(t, Want{Refresh: true}, "token-3")
	})
}
