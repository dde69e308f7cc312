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

func encodeAttempt(a auth.Attempt) ([]byte, error) {
	f := attemptFile{
		V: recordVersion, ID: a.ID, At: utc(a.At), CredentialID: a.CredentialID,
		Failures: a.Failures, RetryAt: utc(a.RetryAt), Mandatory: a.Mandatory,
	}
	if e := a.Failure; e != nil {
		f.Failure = &failureFile{
			Code: e.Kind.Code(), Fact: e.Fact, Remedy: e.Remedy, VendorCode: e.VendorCode, VendorMessage: e.VendorMessage,
			TraceID: e.TraceID, Retryable: e.Retryable, RetryAfter: e.RetryAfter,
		}
	}
	return encode(f, maxAttempt)
}

// decodeAttempt passes every text through Printable once more: the file is no
// record that anything vouches for.
func decodeAttempt(account auth.Account, data []byte) (auth.Attempt, error) {
	var f attemptFile
	if err := decode(data, maxAttempt, &f, &f.V); err != nil {
		return auth.Attempt{}, err
	}
	a := auth.Attempt{
		ID: f.ID, At: utc(f.At), CredentialID: f.CredentialID,
		Failures: f.Failures, RetryAt: utc(f.RetryAt), Mandatory: f.Mandatory,
	}
	if f.ID == "" || f.Failures < 0 || !encodable(a.At) || !encodable(a.RetryAt) {
		return auth.Attempt{}, unreadable("it is damaged")
	}
	if f.Failure != nil {
		kind, ok := auth.KindOf(f.Failure.Code)
		if !ok || f.Failure.RetryAfter < 0 {
			return auth.Attempt{}, unreadable("it is damaged")
		}
		if !f.Failure.Remedy.Known() {
			f.Failure.Remedy = "" // a newer hauth's, or nobody's
		}
		a.Failure = &auth.Error{
			Kind: kind, Account: account.String(), Fact: auth.Printable(f.Failure.Fact), Remedy: f.Failure.Remedy,
			VendorCode: auth.Printable(f.Failure.VendorCode), VendorMessage: auth.Printable(f.Failure.VendorMessage),
			TraceID: auth.Printable(f.Failure.TraceID), Retryable: f.Failure.Retryable, RetryAfter: f.Failure.RetryAfter,
		}
	}
	return a, nil
}

// lastAttempt is zero when nothing was noted, and when what was noted cannot
// be read: the worst that follows is one request more.
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

// saveAttempt notes a; a zero one is forgotten.
func (s sidecar) saveAttempt(a auth.Attempt) error {
	if a.IsZero() {
		return s.clearAttempt()
	}
	data, err := encodeAttempt(a)
	if err != nil {
		return err
	}
	return s.disk.Write(s.base+".attempts", data)
}

func (s sidecar) clearAttempt() error {
	return s.disk.Remove(s.base + ".attempts")
}
