package fleet

import (
	"bytes"
	"encoding/json"
	"time"
	"unicode/utf8"

	"github.com/hauth/hauth/pkg/auth"
)

// recordVersion is the version that this package writes, and the greatest
// that it reads.
const recordVersion = 1

// record is what the machines of a fleet share of an account. Its times are on
// the engine's clock, vendor_at apart. The package comment documents it.
type record struct {
	V        int               `json:"v"`
	Token    *tokenRecord      `json:"token,omitempty"`
	Attempt  *attemptRecord    `json:"attempt,omitempty"`
	Vars     map[string]string `json:"vars,omitempty"`
	Owner    string            `json:"owner,omitempty"`
	Host     string            `json:"host,omitempty"`
	LeaseEnd time.Time         `json:"lease_end,omitzero"`
}

type tokenRecord struct {
	Value     string            `json:"value"`
	Type      string            `json:"type,omitempty"`
	IssuedAt  time.Time         `json:"issued_at"`
	ExpiresAt time.Time         `json:"expires_at"`
	VendorAt  time.Time         `json:"vendor_at,omitzero"`
	Source    auth.Source       `json:"source,omitempty"`
	Kept      map[string]string `json:"kept,omitempty"`
}

type attemptRecord struct {
	ID        string         `json:"id"`
	At        time.Time      `json:"at"`
	Failure   *failureRecord `json:"failure,omitempty"`
	Failures  int            `json:"failures,omitempty"`
	RetryAt   time.Time      `json:"retry_at,omitzero"`
	Mandatory bool           `json:"mandatory,omitempty"`
}

type failureRecord struct {
	Code          string      `json:"code"` // auth.Kind.Code
	Fact          string      `json:"fact"`
	Remedy        auth.Remedy `json:"remedy,omitempty"`
	VendorCode    string      `json:"vendor_code,omitempty"`
	VendorMessage string      `json:"vendor_message,omitempty"`
	TraceID       string      `json:"trace_id,omitempty"`
	Retryable     bool        `json:"retryable,omitempty"`
	RetryAfterMS  int64       `json:"retry_after_ms,omitempty"`
}

func (r record) encode(s Seal) ([]byte, error) {
	r.V = recordVersion
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(r); err != nil {
		return nil, &auth.Error{Kind: auth.Internal, Fact: "the fleet's record cannot be encoded", Err: err}
	}
	data, err := s.seal(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
	if err == nil && len(data) > maxRecord {
		return nil, &auth.Error{Kind: auth.Store, Fact: "the fleet's record is too large"}
	}
	return data, err
}

// keep is how long r is worth keeping at now. Rotated credentials are kept for
// as long as a token may live: only the fleet may know them.
func (r record) keep(now time.Time) time.Duration {
	if r.Vars != nil {
		return 400 * 24 * time.Hour
	}
	end := now
	if t := r.Token; t != nil && t.ExpiresAt.After(end) {
		end = t.ExpiresAt
	}
	if a := r.Attempt; a != nil && a.RetryAt.After(end) {
		end = a.RetryAt
	}
	return end.Sub(now) + 24*time.Hour
}

// decodeRecord opens what an engine keeps; nothing is the zero record. Its
// errors are errUnreadable and errNewer, and never repeat the content.
func decodeRecord(s Seal, sealed []byte) (record, error) {
	if len(sealed) == 0 {
		return record{}, nil
	}
	data, err := s.open(sealed)
	if err != nil {
		return record{}, err
	}
	var r record
	err = json.Unmarshal(data, &r)
	if err != nil {
		// A newer version may have changed a type; its number still counts.
		var newer struct {
			V int `json:"v"`
		}
		if json.Unmarshal(data, &newer) == nil {
			r.V = newer.V
		}
	}
	switch {
	case r.V > recordVersion:
		return record{}, errNewer
	case err != nil || r.V != recordVersion || !utf8.Valid(data) || !r.sane():
		return record{}, errUnreadable
	}
	return r, nil
}

// sane keeps out what must never reach a header line, a shell or a file.
// Whoever can seal a record knows the account's secret, but may be in error.
func (r record) sane() bool {
	if !encodable(r.LeaseEnd) {
		return false
	}
	if t := r.Token; t != nil {
		if t.Value == "" || len(t.Value) > maxToken || !visible(t.Value) || !visible(t.Type) ||
			!encodable(t.IssuedAt) || !encodable(t.ExpiresAt) || !encodable(t.VendorAt) {
			return false
		}
		for name, value := range t.Kept {
			if !printable(name) || !printable(value) || len(value) > maxKept {
				return false
			}
		}
	}
	if a := r.Attempt; a != nil {
		if a.ID == "" || a.Failures < 0 || !encodable(a.At) || !encodable(a.RetryAt) {
			return false
		}
		if f := a.Failure; f != nil {
			if _, ok := auth.KindOf(f.Code); !ok || f.RetryAfterMS < 0 {
				return false
			}
		}
	}
	return true
}

// maxToken is the greatest length of a token, in bytes, that the local stores
// keep.
const maxToken = 32 << 10

// maxKept is the greatest length, in bytes, of what is kept beside a token.
const maxKept = 2 << 10

// visible reports whether s is ASCII without space and control characters.
func visible(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// encodable reports whether RFC 3339 has a form for t, far enough from its
// limits for clocks to be added.
func encodable(t time.Time) bool { return t.IsZero() || t.Year() > 0 && t.Year() < 9999 }
