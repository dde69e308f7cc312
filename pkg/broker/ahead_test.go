package broker

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

func TestRefreshAhead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.give("old", 54*time.Minute, time.Hour)
		w.want(t, Want{}, "old")
		w.asked(t, 0)
		time.Sleep(61 * time.Second)
		if r := w.want(t, Want{}, "token-1"); r.From != FromVendor {
			t.Error("it must be said to come from the vendor")
		}
	})
}

func TestRefreshAheadNeverWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.give("old", 58*time.Minute, time.Hour)
		w.locks[0] <- struct{}{}
		begin := time.Now()
		w.want(t, Want{}, "old")
		if took := time.Since(begin); took != 0 {
			t.Errorf("it waited %s", took)
		}
	})
}

func TestRefreshAheadFailsQuietlyOncePer30s(t *testing.T) {
	for name, failure := range map[string]error{"down": down(), "denied": denied(), "throttled": throttled()} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld()
				w.give("old", 56*time.Minute, time.Hour)
				w.refuse = failure
				for range 29 {
					w.want(t, Want{}, "old")
					time.Sleep(time.Second)
				}
				w.asked(t, 1)
				if len(w.notices) != 1 || !strings.Contains(w.notices[0], "valid for another") {
					t.Errorf("notices: %q", w.notices)
				}
			})
		})
	}
}

func TestRefreshAheadHasThreeSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.give("old", 58*time.Minute, time.Hour)
		w.took = time.Minute
		begin := time.Now()
		w.want(t, Want{}, "old")
		if took := time.Since(begin); took != 3*time.Second {
			t.Errorf("it took %s, want 3s", took)
		}
	})
}

func TestRefreshAheadWithASameTokenDoesNotLoop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.give("token-same", 58*time.Minute, time.Hour)
		w.same, w.life = true, 2*time.Minute
		w.want(t, Want{}, "token-same")
		time.Sleep(115 * time.Second) // the new life's last tenth
		for range 5 {
			w.want(t, Want{}, "token-same")
			time.Sleep(100 * time.Millisecond)
		}
		w.asked(t, 2)
	})
}

func TestOneLiveTokenIsNotRefreshedAhead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.limits.Live = 1
		w.give("old", 58*time.Minute, time.Hour)
		w.want(t, Want{}, "old")
		w.asked(t, 0)
	})
}

func TestRefreshAheadWithABrokenStoreKeepsTheToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.give("old", 58*time.Minute, time.Hour)
		w.credsErr = broken()
		w.want(t, Want{}, "old")
		if len(w.notices) != 1 {
			t.Errorf("notices: %q", w.notices)
		}
	})
}

func TestMinTTLBeyondTheLifeIsNotTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		want := Want{MinTTL: 3 * time.Hour}
		if r := w.want(t, want, "token-1"); r.Short == nil {
			t.Error("the token is short, and that must be said")
		}
		for range 29 {
			time.Sleep(time.Second)
			if r := w.want(t, want, "token-1"); !auth.Is(r.Short, auth.MinTTL) {
				t.Errorf("short: %v", r.Short)
			}
		}
		w.asked(t, 1)
		time.Sleep(2 * time.Second)
		w.want(t, want, "token-2")
	})
}

// TestInterruptedAhead: an interrupted call gets no token, not even a valid
// one.
func TestInterruptedAhead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.give("old", 58*time.Minute, time.Hour)
		w.took = time.Minute
		ctx, cancel := context.WithCancel(t.Context())
		w.onAsk = cancel
		if r, err := w.broker().Token(ctx, Want{}); !auth.Is(err, auth.Interrupted) {
			t.Errorf("got %v and %v, want kind interrupted", r, err)
		}
	})
}

// TestAheadIgnoresAnEarlierLogin: back-off belongs to the credentials that
// were refused.
func TestAheadIgnoresAnEarlierLogin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.give("old", 58*time.Minute, time.Hour)
		w.attempt = auth.Attempt{ID: "a", At: w.now(), CredentialID: "creds-0", Failure: &auth.Error{Kind: auth.Denied}, RetryAt: w.now().Add(time.Hour)}
		w.want(t, Want{}, "token-1")
	})
}
