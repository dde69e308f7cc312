package fleet

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// The test vectors of docs/formats.md: a record of version 1, its plain text,
// and the credentials that it is sealed with.
func vector(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "vectors", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

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
	r, err := decodeRecord(s, vector(t, "sealed"))
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
	if plain, err := s.open(again); err != nil || string(plain) != string(vector(t, "record.json")) {
		t.Errorf("got  %s\nwant %s", plain, vector(t, "record.json"))
	}
}

// TestRecordVectorByTheBook opens the record as docs/formats.md says, with
// nothing of this package.
func TestRecordVectorByTheBook(t *testing.T) {
	var c struct {
		Provider, Endpoint, Name string
		Vars                     map[string]string
		Secret                   []string
		SealFile                 string `json:"seal_file"`
	}
	if err := json.Unmarshal(vector(t, "credentials.json"), &c); err != nil {
		t.Fatal(err)
	}
	part := func(s string) string { return string(binary.BigEndian.AppendUint32(nil, uint32(len(s)))) + s }
	secret, info := "", part("hauth fleet v1")+part(c.Provider)+part(c.Endpoint)
	for _, name := range slices.Sorted(maps.Keys(c.Vars)) {
		if slices.Contains(c.Secret, name) {
			secret += part(name) + part(c.Vars[name])
		} else {
			info += part(name) + part(c.Vars[name])
		}
	}
	out, err := hkdf.Key(sha256.New, []byte(secret+part(c.SealFile)), nil, info, 48)
	if err != nil {
		t.Fatal(err)
	}
	if name := hex.EncodeToString(out[:16]); name != c.Name {
		t.Errorf("name %s, want %s", name, c.Name)
	}
	sealed := vector(t, "sealed")
	block, err := aes.NewCipher(out[16:])
	if err != nil {
		t.Fatal(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	header := "hauth-fleet\x01"
	if string(sealed[:12]) != header {
		t.Fatalf("header %q", sealed[:12])
	}
	plain, err := aead.Open(nil, sealed[12:24], sealed[24:], []byte(header+c.Name))
	if err != nil || string(plain) != string(vector(t, "record.json")) {
		t.Errorf("%s, %v", plain, err)
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
		"a line break beside it":    func(r *record) { r.Token.Kept = map[string]string{"api": "a\r\nb"} },
		"much beside it":            func(r *record) { r.Token.Kept = map[string]string{"api": strings.Repeat("x", maxKept+1)} },
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
	f.Add(vector(f, "record.json"))
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
