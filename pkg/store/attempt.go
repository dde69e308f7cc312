package store

import (
	"errors"
	"io/fs"
	"time"

	"github.com/hauth/hauth/internal/disk"
	"github.com/hauth/hauth/internal/text"
	"github.com/hauth/hauth/pkg/auth"
)

// attemptFile is an auth.Attempt as it is stored next to the lock. The cause of
// a failure is left out: it may be any text, secrets included.
type attemptFile struct {
	V            int          `json:"v"`
	ID           string       `json:"id"`
	At           time.Time    `json:"at"`
	CredentialID string       `json:"credential_id"`
	Failure      *failureFile `json:"failure,omitempty"`
	Failures     int          `json:"failures,omitempty"`
	RetryAt      time.Time    `json:"retry_at,omitzero"`
	Mandatory    bool         `json:"binding,omitempty"`
}

type failureFile struct {
	Code          string        `json:"code"` // auth.Kind.Code
	Fact          string        `json:"op"`
	Remedy        auth.Remedy   `json:"remedy,omitempty"`
	VendorCode    string        `json:"vendor_code,omitempty"`
	VendorMessage string        `json:"vendor_message,omitempty"`
	TraceID       string        `json:"trace_id,omitempty"`
	Retryable     bool          `json:"retryable,omitempty"`
	RetryAfter    time.Duration `json:"retry_after_ns,omitempty"`
}

// Bounds of an attempts file, for writing and reading alike.
const (
	maxFailures = 1000
	maxID       = 64 // bytes
)

// bounded reports whether hauth could have written f.
func (f *attemptFile) bounded() bool {
	wait := f.RetryAt.Sub(f.At)
	return f.ID != "" && len(f.ID) <= maxID && len(f.CredentialID) <= maxID &&
		encodable(f.At) && encodable(f.RetryAt) && (f.RetryAt.IsZero() || wait <= auth.MaxWait) &&
		0 <= f.Failures && f.Failures <= maxFailures &&
		(f.Failure == nil || 0 <= f.Failure.RetryAfter && f.Failure.RetryAfter <= auth.MaxWait)
}

// encodeAttempt leaves the secrets out of every text.
func encodeAttempt(a auth.Attempt, secrets ...auth.Secret) ([]byte, error) {
	f := attemptFile{
		V: recordVersion, ID: a.ID, At: utc(a.At), CredentialID: a.CredentialID,
		Failures: min(a.Failures, maxFailures), RetryAt: utc(a.RetryAt), Mandatory: a.Mandatory,
	}
	if e := a.Failure; e != nil {
		f.Failure = &failureFile{
			Code: e.Kind.Code(), Fact: auth.Printable(e.Fact, secrets...), Remedy: e.Remedy,
			VendorCode: auth.Printable(e.VendorCode, secrets...), VendorMessage: auth.Printable(e.VendorMessage, secrets...),
			TraceID: auth.Printable(e.TraceID, secrets...), Retryable: e.Retryable, RetryAfter: e.RetryAfter,
		}
	}
	if !f.bounded() {
		return nil, &auth.Error{Kind: auth.Internal, Fact: "the attempt is out of bounds"}
	}
	return encode(f, maxAttempt)
}

// decodeAttempt checks everything in the file, since another program may
// have written it.
func decodeAttempt(account auth.Account, data []byte) (auth.Attempt, error) {
	var f attemptFile
	if err := decode(data, maxAttempt, &f, &f.V); err != nil {
		return auth.Attempt{}, err
	}
	f.At, f.RetryAt = utc(f.At), utc(f.RetryAt)
	if !f.bounded() {
		return auth.Attempt{}, unreadable("it is damaged")
	}
	a := auth.Attempt{
		ID: f.ID, At: f.At, CredentialID: f.CredentialID, Failures: f.Failures, RetryAt: f.RetryAt, Mandatory: f.Mandatory,
	}
	if f.Failure != nil {
		kind, ok := auth.KindOf(f.Failure.Code)
		if !ok {
			return auth.Attempt{}, unreadable("it is damaged")
		}
		if !f.Failure.Remedy.Known() {
			f.Failure.Remedy = "" // a newer version of hauth may know it
		}
		a.Failure = &auth.Error{
			Kind: kind, Account: account.String(), Fact: auth.Printable(f.Failure.Fact), Remedy: f.Failure.Remedy,
			VendorCode: auth.Printable(f.Failure.VendorCode), VendorMessage: auth.Printable(f.Failure.VendorMessage),
			TraceID: auth.Printable(f.Failure.TraceID), Retryable: f.Failure.Retryable, RetryAfter: f.Failure.RetryAfter,
		}
	}
	return a, nil
}

// lastAttempt is zero when there is no file, and when it cannot be read: at worst
// that costs one more request.
func (s sidecar) lastAttempt(account auth.Account) (auth.Attempt, error) {
	path := s.base + ".attempts"
	data, err := disk.Read(disk.File{Path: path, Limit: maxAttempt, Others: disk.MayRead})
	if errors.Is(err, fs.ErrNotExist) {
		return auth.Attempt{}, nil
	}
	var a auth.Attempt
	if err == nil {
		a, err = decodeAttempt(account, data)
	}
	if err != nil {
		s.notices.notify("ignoring the attempts file " + auth.Printable(path) + ": " + text.WithoutPath(err).Error())
		return auth.Attempt{}, nil
	}
	return a, nil
}

// saveAttempt stores a; a zero one deletes the file.
func (s sidecar) saveAttempt(a auth.Attempt) error {
	if a.IsZero() {
		return s.clearAttempt()
	}
	data, err := encodeAttempt(a, s.seen.all()...)
	if err != nil {
		return err
	}
	return s.disk.Write(s.base+".attempts", data)
}

func (s sidecar) clearAttempt() error {
	return s.disk.Remove(s.base + ".attempts")
}
