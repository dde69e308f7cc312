package store

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

func TestRecordsRoundTrip(t *testing.T) {
	c, tok := savedCredentials{testCredentials("a"), utc(testTime)}, testToken("a")
	tok.IssuedAt = tok.IssuedAt.In(time.FixedZone("", 8*3600)) // the vendor's time zone is not kept, the time is
	data, err := encodeCredentials(testAccount, c)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := decodeCredentials(testAccount, data); err != nil || !sameCredentials(got.Credentials, c.Credentials) || !got.at.Equal(testTime) {
		t.Errorf("credentials came back as %+v, %v", got, err)
	}
	// The documented keys, with readable values.
	var generic map[string]any
	if err := json.Unmarshal(data, &generic); err != nil {
		t.Fatal(err)
	}
	if vars := generic["vars"].(map[string]any); vars["client_secret"] != c.Vars["client_secret"].Reveal() || generic["v"] != 1.0 || generic["account"] != "123pan/default" {
		t.Errorf("record %s", data)
	}
	if !strings.Contains(string(data), "<&>") {
		t.Errorf("%s is not as it was typed", data)
	}

	data, err = encodeToken(testAccount, tok)
	if err != nil {
		t.Fatal(err)
	}
	got, err := decodeToken(testAccount, data)
	tok.IssuedAt = tok.IssuedAt.UTC()
	if err != nil || !sameToken(got, tok) {
		t.Errorf("token came back as %+v, %v, want %+v", got, err, tok)
	}
	if !strings.Contains(string(data), `"issued_at":"2026-01-02T03:04:05.000000678Z"`) {
		t.Errorf("record %s", data)
	}
}

func TestTokenRecordRefused(t *testing.T) {
	valid := `{"v":1,"account":"123pan/default","endpoint":"https://x","credential_id":"i","token":"t","issued_at":"2026-01-02T03:04:05Z","expires_at":"2026-01-03T03:04:05Z","new_key":{"a":[1]}}`
	if _, err := decodeToken(testAccount, []byte(valid)); err != nil {
		t.Fatalf("unknown keys must be tolerated: %v", err)
	}
	for name, c := range map[string]struct {
		old, new string
		want     error
	}{
		"newer":            {`"v":1`, `"v":2`, ErrNewer},
		"newer, new types": {`"v":1,"account":"123pan/default"`, `"v":7,"account":["x"],"token":{}`, ErrNewer},
		"no version":       {`"v":1,`, ``, ErrUnreadable},
		"version 0":        {`"v":1`, `"v":0`, ErrUnreadable},
		"version as text":  {`"v":1`, `"v":"1"`, ErrUnreadable},
		"other account":    {`123pan/default`, `123pan/work`, ErrUnreadable},
		"empty token":      {`"token":"t"`, `"token":""`, ErrUnreadable},
		"newline in token": {`"token":"t"`, `"token":"t\nX: y"`, ErrUnreadable},
		"space in type":    {`"token":"t"`, `"token":"t","type":"a b"`, ErrUnreadable},
		"bad time":         {`2026-01-02T03:04:05Z`, `yesterday`, ErrUnreadable},
		"year 10000":       {`2026-01-02T03:04:05Z`, `9999-12-31T23:59:59-23:00`, ErrUnreadable},
		"not UTF-8":        {`"new_key"`, "\"\xff\"", ErrUnreadable},
		"trailing text":    {`}}`, `}} x`, ErrUnreadable},
		"huge":             {`"new_key":{`, `"new_key":{"x":"` + strings.Repeat("x", MaxRecord) + `",`, ErrUnreadable},
		"token too long":   {`"token":"t"`, `"token":"` + strings.Repeat("t", maxToken+1) + `"`, ErrTooBig},
	} {
		data := strings.Replace(valid, c.old, c.new, 1)
		if data == valid {
			t.Fatalf("%s: nothing replaced", name)
		}
		if got, err := decodeToken(testAccount, []byte(data)); !errors.Is(err, c.want) {
			t.Errorf("%s: %+v, %v, want %v", name, got, err, c.want)
		}
	}
}

// The largest record that is written can be read.
func TestRecordAtItsLimit(t *testing.T) {
	tok := testToken("a")
	tok.Kept = map[string]string{"x": ""}
	empty, err := encodeToken(testAccount, tok)
	noError(t, err)
	tok.Kept["x"] = strings.Repeat("x", MaxRecord-len(empty))
	data, err := encodeToken(testAccount, tok)
	if err != nil || len(data) != MaxRecord {
		t.Fatalf("%d bytes, %v", len(data), err)
	}
	if got, err := decodeToken(testAccount, data); err != nil || !sameToken(got, tok) {
		t.Error(err)
	}
	tok.Kept["x"] += "x"
	_, err = encodeToken(testAccount, tok)
	if !auth.Is(err, auth.Store) || !errors.Is(err, ErrTooBig) {
		t.Error(err)
	}
}

func TestEncodeRefuses(t *testing.T) {
	c := savedCredentials{Credentials: testCredentials("a")}
	c.Vars["client_secret"] = auth.NewSecret("\xff\xfe secret")
	_, err := encodeCredentials(testAccount, c)
	if !auth.Is(err, auth.Usage) || strings.Contains(err.Error(), "secret\"") {
		t.Errorf("a secret that JSON would alter: %v", err)
	}
	c.Vars["client_secret"] = auth.NewSecret(strings.Repeat("x", MaxRecord))
	if _, err := encodeCredentials(testAccount, c); !errors.Is(err, ErrTooBig) {
		t.Errorf("credentials over 64 KiB: %v", err)
	}
	tok := testToken("a")
	tok.Value = auth.NewSecret(strings.Repeat("t", maxToken))
	if _, err := encodeToken(testAccount, tok); err != nil {
		t.Errorf("a token of 32 KiB: %v", err)
	}
	tok.Value = auth.NewSecret(strings.Repeat("t", maxToken+1))
	if _, err := encodeToken(testAccount, tok); !errors.Is(err, ErrTooBig) {
		t.Errorf("a token over 32 KiB: %v", err)
	}
	tok.Value = auth.NewSecret("two\r\nlines")
	if _, err := encodeToken(testAccount, tok); err == nil || strings.Contains(err.Error(), "lines") {
		t.Errorf("a token of two lines: %v", err)
	}
}

// What decodes, encodes to what decodes to the same.
func FuzzRecord(f *testing.F) {
	c, _ := encodeCredentials(testAccount, savedCredentials{testCredentials("a"), testTime})
	k, _ := encodeToken(testAccount, testToken("a"))
	i, _ := encodeInfo(Info{Account: testAccount, Store: File, Endpoint: "https://x", CredentialID: "i", CreatedAt: testTime})
	for _, seed := range [][]byte{c, k, i, []byte(`{"v":2}`), []byte(`{"V":1,"v":1}`), nil} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if c, err := decodeCredentials(testAccount, data); err == nil {
			again, err := encodeCredentials(testAccount, c)
			if errors.Is(err, ErrTooBig) {
				return // escapes made it longer
			}
			if d, err2 := decodeCredentials(testAccount, again); err != nil || err2 != nil || !sameCredentials(c.Credentials, d.Credentials) || !c.at.Equal(d.at) {
				t.Errorf("%q → %q: %v, %v", data, again, err, err2)
			}
		}
		if k, err := decodeToken(testAccount, data); err == nil {
			again, err := encodeToken(testAccount, k)
			if errors.Is(err, ErrTooBig) {
				return
			}
			if l, err2 := decodeToken(testAccount, again); err != nil || err2 != nil || !sameToken(k, l) {
				t.Errorf("%q → %q: %v, %v", data, again, err, err2)
			}
		}
		if i, err := decodeInfo(testAccount, data); err == nil {
			again, err := encodeInfo(i)
			if errors.Is(err, ErrTooBig) {
				return
			}
			if j, err2 := decodeInfo(testAccount, again); err != nil || err2 != nil || i != j {
				t.Errorf("%q → %q: %v, %v", data, again, err, err2)
			}
		}
	})
}
