package store

import (
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
				if strings.ContainsAny(s, "\x1b\n\r\x00") || strings.HasPrefix(s, "::set-env") {
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
