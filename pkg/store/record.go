package store

import (
	"encoding/json"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/hauth/hauth/internal/text"
	"github.com/hauth/hauth/pkg/auth"
)

// MaxRecord is the size of the largest record, in bytes, that is written or
// read.
const MaxRecord = 64 << 10

// The other sizes are limited as well, so that a huge file causes an error
// and does not use up the memory.
const (
	maxToken    = 32 << 10
	maxAccount  = 8 << 10
	maxAttempt  = 8 << 10
	maxIdentity = 64 << 10
)

// recordVersion is the version that this package writes, and the latest that
// it reads, of every kind of file that it makes.
const recordVersion = 1

// The package comment documents both records.
type credentialsRecord struct {
	V            int               `json:"v"`
	Account      string            `json:"account"`
	ID           string            `json:"id"`
	Endpoint     string            `json:"endpoint"`
	API          string            `json:"api,omitempty"`
	Fleet        string            `json:"fleet,omitempty"`
	SpecSHA256   string            `json:"spec_sha256,omitempty"`
	Vars         map[string]string `json:"vars"`
	InsecureHTTP bool              `json:"insecure_http,omitempty"`
	CAFile       string            `json:"ca_file,omitempty"`
	SavedAt      time.Time         `json:"saved_at,omitzero"`
}

type tokenRecord struct {
	V            int               `json:"v"`
	Account      string            `json:"account"`
	Endpoint     string            `json:"endpoint"`
	CredentialID string            `json:"credential_id"`
	Token        string            `json:"token"`
	Type         string            `json:"type,omitempty"`
	IssuedAt     time.Time         `json:"issued_at"`
	ExpiresAt    time.Time         `json:"expires_at"`
	VendorAt     time.Time         `json:"vendor_at,omitzero"`
	Source       auth.Source       `json:"source,omitempty"`
	Kept         map[string]string `json:"kept,omitempty"`
}

// savedCredentials are credentials and when they were saved; the time is zero
// if the version of hauth that saved them did not record it.
type savedCredentials struct {
	auth.Credentials
	at time.Time
}

func encodeCredentials(a auth.Account, c savedCredentials) ([]byte, error) {
	vars := make(map[string]string, len(c.Vars))
	for name, v := range c.Vars {
		// JSON would replace an invalid byte by U+FFFD, which would change
		// the secret.
		if !utf8.ValidString(v.Reveal()) {
			return nil, &auth.Error{Kind: auth.Usage, Fact: fmt.Sprintf("the value of %s is not valid UTF-8", auth.Printable(name))}
		}
		vars[name] = v.Reveal()
	}
	return encode(credentialsRecord{
		V: recordVersion, Account: a.Full(), ID: c.ID, Endpoint: c.Endpoint, API: c.API, Fleet: c.Fleet, SpecSHA256: c.SpecSHA256,
		Vars: vars, InsecureHTTP: c.InsecureHTTP, CAFile: c.CAFile, SavedAt: utc(c.at),
	}, MaxRecord)
}

func decodeCredentials(a auth.Account, data []byte) (savedCredentials, error) {
	var r credentialsRecord
	if err := decode(data, MaxRecord, &r, &r.V); err != nil {
		return savedCredentials{}, err
	}
	switch {
	case r.Account != a.Full():
		return savedCredentials{}, unreadable("it belongs to another account")
	case r.ID == "" || r.Endpoint == "":
		return savedCredentials{}, unreadable("it is incomplete")
	case !encodable(utc(r.SavedAt)):
		return savedCredentials{}, unreadable("a time is out of range")
	}
	c := auth.Credentials{
		ID: r.ID, Endpoint: r.Endpoint, API: r.API, Fleet: r.Fleet, SpecSHA256: r.SpecSHA256,
		Vars: make(map[string]auth.Secret, len(r.Vars)), InsecureHTTP: r.InsecureHTTP, CAFile: r.CAFile,
	}
	for name, v := range r.Vars {
		c.Vars[name] = auth.NewSecret(v)
	}
	return savedCredentials{c, utc(r.SavedAt)}, nil
}

func encodeToken(a auth.Account, t auth.Token) ([]byte, error) {
	r := tokenRecord{
		V: recordVersion, Account: a.Full(), Endpoint: t.Endpoint, CredentialID: t.CredentialID,
		Token: t.Value.Reveal(), Type: t.Type, IssuedAt: utc(t.IssuedAt), ExpiresAt: utc(t.ExpiresAt), Source: t.Source,
		VendorAt: utc(t.VendorAt), Kept: t.Kept,
	}
	if err := r.check(); err != nil {
		return nil, &auth.Error{Kind: auth.Store, Fact: "cannot store the token", Err: err}
	}
	return encode(r, MaxRecord)
}

func decodeToken(a auth.Account, data []byte) (auth.Token, error) {
	var r tokenRecord
	if err := decode(data, MaxRecord, &r, &r.V); err != nil {
		return auth.Token{}, err
	}
	if r.Account != a.Full() {
		return auth.Token{}, unreadable("it belongs to another account")
	}
	r.IssuedAt, r.ExpiresAt, r.VendorAt = utc(r.IssuedAt), utc(r.ExpiresAt), utc(r.VendorAt)
	if err := r.check(); err != nil {
		return auth.Token{}, err
	}
	return auth.Token{
		Value: auth.NewSecret(r.Token), Type: r.Type, IssuedAt: r.IssuedAt, ExpiresAt: r.ExpiresAt,
		VendorAt: r.VendorAt, Kept: r.Kept,
		Source: r.Source, Endpoint: r.Endpoint, CredentialID: r.CredentialID,
	}, nil
}

// check refuses a token that could break a header line or a shell command. It
// applies to records that are read as well, since another program may have
// written them.
func (r *tokenRecord) check() error {
	switch {
	case len(r.Token) > maxToken:
		return reason{fmt.Sprintf("it is longer than %d bytes", maxToken), ErrTooBig}
	case r.Token == "" || !visible(r.Token) || !visible(r.Type):
		return unreadable("the token contains characters other than visible ASCII")
	case !encodable(r.IssuedAt) || !encodable(r.ExpiresAt) || !encodable(r.VendorAt):
		return unreadable("a time is out of range")
	}
	return nil
}

// visible reports whether s is ASCII without spaces and control characters.
func visible(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// utc drops the zone and the monotonic reading, so that a time that was written
// and read again is the same.
func utc(t time.Time) time.Time { return t.Round(0).UTC() }

// encodable reports whether RFC 3339 has a form for t, which is in UTC.
func encodable(t time.Time) bool { return t.Year() >= 0 && t.Year() <= 9999 }

// encode returns one line of JSON of at most limit bytes.
func encode(record any, limit int) ([]byte, error) {
	data, err := text.JSON(record)
	if err != nil {
		return nil, &auth.Error{Kind: auth.Internal, Fact: "cannot encode a record", Err: err}
	}
	if len(data) > limit {
		return nil, &auth.Error{Kind: auth.Store, Fact: fmt.Sprintf("cannot store a record of %d bytes", len(data)), Err: ErrTooBig}
	}
	return data, nil
}

// decode reads data into record, whose version v points to. The errors do not
// repeat what the JSON package says: it may quote the content.
func decode(data []byte, limit int, record any, v *int) error {
	if len(data) > limit {
		return unreadable("it is too large")
	}
	err := json.Unmarshal(data, record)
	if err != nil {
		// A newer version may have changed a type, so the number is looked
		// at first.
		var newer struct {
			V int `json:"v"`
		}
		if json.Unmarshal(data, &newer) == nil {
			*v = newer.V
		}
	}
	switch {
	case *v > recordVersion:
		return ErrNewer
	case err != nil || *v != recordVersion || !utf8.Valid(data):
		return unreadable("it is damaged")
	}
	return nil
}
