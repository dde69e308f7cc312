package store

import (
	"errors"
	"io/fs"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// attemptFile is an auth.Attempt as it rests beside the lock. The cause of a
// failure is left out: it is text that no one has vouched for to be free of
// secrets.
type attemptFile struct {
	V            int          `json:"v"`
	ID           string       `json:"id"`
	At           time.Time    `json:"at"`
	CredentialID string       `json:"credential_id"`
	Failure      *failureFile `json:"failure,omitempty"`
	Failures     int          `json:"failures,omitempty"`
	RetryAt      time.Time    `json:"retry_at,omitzero"`
	Binding      bool         `json:"binding,omitempty"`
}

type failureFile struct {
	Code          string        `json:"code"` // auth.Kind.Code
	Op            string        `json:"op"`
	Hint          string        `json:"hint,omitempty"`
	VendorCode    string        `json:"vendor_code,omitempty"`
	VendorMessage string        `json:"vendor_message,omitempty"`
	TraceID       string        `json:"trace_id,omitempty"`
	Retryable     bool          `json:"retryable,omitempty"`
	RetryAfter    time.Duration `json:"retry_after_ns,omitempty"`
}

func encodeAttempt(a auth.Attempt) ([]byte, error) {
	f := attemptFile{
		V: recordVersion, ID: a.ID, At: utc(a.At), CredentialID: a.CredentialID,
		Failures: a.Failures, RetryAt: utc(a.RetryAt), Binding: a.Binding,
	}
	if e := a.Failure; e != nil {
		f.Failure = &failureFile{
			Code: e.Kind.Code(), Op: e.Op, Hint: e.Hint, VendorCode: e.VendorCode, VendorMessage: e.VendorMessage,
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
		Failures: f.Failures, RetryAt: utc(f.RetryAt), Binding: f.Binding,
	}
	if f.ID == "" || f.Failures < 0 || !encodable(a.At) || !encodable(a.RetryAt) {
		return auth.Attempt{}, unreadable("it is damaged")
	}
	if f.Failure != nil {
		kind, ok := auth.KindOf(f.Failure.Code)
		if !ok || f.Failure.RetryAfter < 0 {
			return auth.Attempt{}, unreadable("it is damaged")
		}
		a.Failure = &auth.Error{
			Kind: kind, Account: account.String(), Op: auth.Printable(f.Failure.Op), Hint: auth.Printable(f.Failure.Hint),
			VendorCode: auth.Printable(f.Failure.VendorCode), VendorMessage: auth.Printable(f.Failure.VendorMessage),
			TraceID: auth.Printable(f.Failure.TraceID), Retryable: f.Failure.Retryable, RetryAfter: f.Failure.RetryAfter,
		}
	}
	return a, nil
}

// lastAttempt is zero when nothing was noted, and when what was noted cannot
// be read: the worst that follows is one request more.
func (b beside) lastAttempt(account auth.Account) (auth.Attempt, error) {
	path := b.base + ".attempts"
	data, _, err := readRegular(path, maxAttempt, false)
	if errors.Is(err, fs.ErrNotExist) {
		return auth.Attempt{}, nil
	}
	var a auth.Attempt
	if err == nil {
		a, err = decodeAttempt(account, data)
	}
	if err != nil {
		b.notices.say("the attempts file " + auth.Printable(path) + " is ignored: " + reason(err).Error())
		return auth.Attempt{}, nil
	}
	return a, nil
}

// saveAttempt notes a; a zero one is forgotten.
func (b beside) saveAttempt(a auth.Attempt) error {
	if a.IsZero() {
		return b.clearAttempt()
	}
	data, err := encodeAttempt(a)
	if err != nil {
		return err
	}
	return b.disk.write(b.base+".attempts", data)
}

func (b beside) clearAttempt() error {
	path := b.base + ".attempts"
	if err := b.disk.remove(path); err != nil {
		return cannot("delete", path, err)
	}
	return nil
}
