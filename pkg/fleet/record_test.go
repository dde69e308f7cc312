package fleet

import (
	"encoding/base64"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// recordVector is a record of version 1, sealed by hand; the plain text is
// vectorJSON.
const recordVector = "aGF1dGgtZmxlZXQB9PG6Rdj+6WkhvBDvmhcbVIv/LeBCn7QIgUSA1rpR1GwCQ1imKeC8ab7D96oJcyvzpfZbCcQ0YnKgQvz19vaBbD975lgJ5sFFgPaZFHNI" +
	"YLD9p1TOFYLEjT2MsnArgZM2t5EqKv9KpEi2d6SZy1ucAf+aGTqPqqFI7NN7N/qPMeWHuVQLBkcW8msnRT5Los3lTpnLl1BLafv1T7Ujy94lXuUfp3z2OsXw" +
	"x0YWfr1D2Fn37QRlRwO8PV2Aiv9beu04SyKAMv8UZBn9DvTvvun2p2U7OLgGMaE4iRwZYagR3/+W+HVhpKZT3ebVWKQftz9RpzPeb32G6YwbokR1XrTLRAZg" +
	"w7PxUI2bH9fmM4Nke2ybItkzrFTvIBxuei2+PeS8OYLnMwrKCT1K0RVH8VIc/vvMPpDpzHsikCccIcjqfl09/Byz+BpcLwFEWdYiT7Q0d5KUR564216iODFA" +
	"JS4cVHt7MIUh06tnbGZRxR+GKx0uaswbwnPZBoeF2rn9Ofsly4PgYA5mBLnqeqJpK8miuwqUdgle+nKUjk6z8HQJP7xGIsjxsEkvEp4GDTqm6tABCdRCZ+1x" +
	"pYmNmG2tM+k2nEU9uz2KZv9dWq51cjgQNtG4DuYAyE8ClWZNiL0UNTfh9sxhU3OOTi/FOBGwyoGDQHrqvkxm7A6CPgp7CrRfsJH8SDTf3yC1uTrCl4P07SgP" +
	"j5ATK8eP6GQzbKZLxishcPtQYhfX1BQ="

const vectorJSON = `{"v":1,"token":{"value":"eyJ0.token","type":"Bearer","issued_at":"2026-01-02T03:04:05Z","expires_at":"2026-01-02T05:04:05.25Z",` +
	`"vendor_at":"2026-01-02T03:04:04Z","source":"field","kept":{"api":"https://x"}},` +
	`"attempt":{"id":"A1","at":"2026-01-02T03:04:05.5Z","failure":{"code":"throttled","fact":"wait","vendor_code":"429","retryable":true,"retry_after_ms":1500},"failures":2,"retry_at":"2026-01-02T03:05:05Z","mandatory":true},` +
	`"vars":{"refresh_token":"r2"},"owner":"O1","host":"runner-1","lease_end":"2026-01-02T03:04:27Z"}`

func vectorRecord() record {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	return record{
		V: 1,
		Token: &tokenRecord{
			Value: "eyJ0.token", Type: "Bearer", IssuedAt: at, ExpiresAt: at.Add(2*time.Hour + 250*time.Millisecond),
			VendorAt: at.Add(-time.Second), Source: auth.SourceField, Kept: map[string]string{"api": "https://x"},
		},
		Attempt: &attemptRecord{
			ID: "A1", At: at.Add(500 * time.Millisecond), Failures: 2, RetryAt: at.Add(time.Minute), Mandatory: true,
			Failure: &failureRecord{Code: "throttled", Fact: "wait", VendorCode: "429", Retryable: true, RetryAfterMS: 1500},
		},
		Vars: map[string]string{"refresh_token": "r2"}, Owner: "O1", Host: "runner-1", LeaseEnd: at.Add(lease),
	}
}

func TestRecordVector(t *testing.T) {
	s := testSeal(t)
	sealed, err := base64.StdEncoding.DecodeString(recordVector)
	if err != nil {
		t.Fatal(err)
	}
	r, err := decodeRecord(s, sealed)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(r, vectorRecord()) {
		t.Errorf("got %+v", r)
	}
	again, err := r.encode(s)
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := s.open(again); err != nil || string(plain) != vectorJSON {
		t.Errorf("got  %s\nwant %s", plain, vectorJSON)
	}
}

// TestRecordClocks wants what one machine writes to be the same moment on
// another, whatever their clocks say.
func TestRecordClocks(t *testing.T) {
	creds := testCredentials()
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	token := auth.Token{Value: auth.NewSecret("t"), IssuedAt: at, ExpiresAt: at.Add(time.Hour), VendorAt: at, Endpoint: creds.Endpoint, CredentialID: creds.ID}
	attempt := auth.Attempt{ID: "a", At: at, RetryAt: at.Add(time.Minute), CredentialID: creds.ID}
	var r record
	r.setToken(token, shift(2*time.Hour))
	r.setAttempt(attempt, shift(2*time.Hour))
	got := r.token(shift(-3*time.Hour), creds)
	want := token
	want.IssuedAt, want.ExpiresAt = at.Add(-time.Hour), at
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	a := r.attempt(shift(-3*time.Hour), creds)
	if !a.At.Equal(at.Add(-time.Hour)) || !a.RetryAt.Equal(at.Add(time.Minute-time.Hour)) {
		t.Errorf("got %+v", a)
	}
	if zero := (record{}); !reflect.DeepEqual(zero.token(1, creds), auth.Token{}) || !zero.attempt(1, creds).IsZero() {
		t.Error("nothing becomes something")
	}
}

// TestRecordRefuses wants nothing of a record that no local store would keep.
func TestRecordRefuses(t *testing.T) {
	s := testSeal(t)
	for name, change := range map[string]func(*record){
		"a line break in the token": func(r *record) { r.Token.Value = "a\nb" },
		"a space in the type":       func(r *record) { r.Token.Type = "Bearer x" },
		"no token in a token":       func(r *record) { r.Token.Value = "" },
		"a huge token":              func(r *record) { r.Token.Value = strings.Repeat("x", maxToken+1) },
		"an unknown kind":           func(r *record) { r.Attempt.Failure.Code = "x" },
		"a negative wait":           func(r *record) { r.Attempt.Failure.RetryAfterMS = -1 },
		"an attempt without an id":  func(r *record) { r.Attempt.ID = "" },
	} {
		r := vectorRecord()
		change(&r)
		sealed, err := r.encode(s)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := decodeRecord(s, sealed); !errors.Is(err, errUnreadable) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for text, want := range map[string]error{
		`{"v":2}`: errNewer, `{"v":2,"token":"of another form"}`: errNewer, `{"v":0}`: errUnreadable, `{}`: errUnreadable, `[]`: errUnreadable,
		"{\"v\":1,\"owner\":\"\xff\"}": errUnreadable, `{"v":1}`: nil, `{"v":1,"unknown":true}`: nil,
	} {
		sealed, err := s.seal([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := decodeRecord(s, sealed); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", text, err, want)
		}
	}
}

// TestRecordKeepsNoCause wants only the texts of a failure to be shared that
// have been made fit to be shown.
func TestRecordKeepsNoCause(t *testing.T) {
	var r record
	r.setAttempt(auth.Attempt{ID: "a", Failure: &auth.Error{Kind: auth.Denied, Fact: "refused", Err: errors.New("with the secret"), Subject: "/home/x"}}, 0)
	s := testSeal(t)
	sealed, err := r.encode(s)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := s.open(sealed)
	if err != nil || strings.Contains(string(plain), "secret") || strings.Contains(string(plain), "/home") {
		t.Errorf("%s, %v", plain, err)
	}
}

func FuzzRecord(f *testing.F) {
	s := testSeal(f)
	f.Add([]byte(vectorJSON))
	f.Add([]byte(`{"v":1,"token":{}}`))
	f.Fuzz(func(t *testing.T, plain []byte) {
		sealed, err := s.seal(plain)
		if err != nil {
			t.Fatal(err)
		}
		r, err := decodeRecord(s, sealed)
		if err != nil {
			return
		}
		if tok := r.token(1, testCredentials()); strings.ContainsAny(tok.Value.Reveal()+tok.Type, "\r\n\x00 ") {
			t.Errorf("a token of two words: %q", plain)
		}
		if _, err := r.encode(s); err != nil {
			t.Errorf("what was read cannot be written: %v", err)
		}
	})
}
