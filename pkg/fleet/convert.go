package fleet

import (
	"time"
	"unicode/utf8"

	"github.com/hauth/hauth/pkg/auth"
)

// shift is what is added to a time of one clock to get it on another. Zero
// times, which mean that something is not known, stay zero.
type shift time.Duration

func (s shift) apply(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.Add(time.Duration(s)).Truncate(time.Millisecond).UTC()
}

// later reports that the vendor issued t after u. Where its own clock does not
// tell them apart, the times of issue are those of two machines, which count in
// whole seconds, converted twice by an engine's clock, which may do so as well:
// only what is clearly later counts, and otherwise the fleet's token is
// everybody's.
func later(t, u auth.Token) bool {
	if !t.VendorAt.IsZero() && !u.VendorAt.IsZero() && !t.VendorAt.Equal(u.VendorAt) {
		return t.VendorAt.After(u.VendorAt)
	}
	return t.IssuedAt.Sub(u.IssuedAt) > 4*time.Second
}

func (r record) token(toLocal shift, creds auth.Credentials) auth.Token {
	t := r.Token
	if t == nil {
		return auth.Token{}
	}
	return auth.Token{
		Value: auth.NewSecret(t.Value), Type: t.Type,
		IssuedAt: toLocal.apply(t.IssuedAt), ExpiresAt: toLocal.apply(t.ExpiresAt), VendorAt: t.VendorAt,
		Source: t.Source, Kept: t.Kept,
		Endpoint: creds.Endpoint, CredentialID: creds.ID,
	}
}

func (r *record) setToken(t auth.Token, toEngine shift) {
	r.Token = &tokenRecord{
		Value: t.Value.Reveal(), Type: t.Type,
		IssuedAt: toEngine.apply(t.IssuedAt), ExpiresAt: toEngine.apply(t.ExpiresAt), VendorAt: t.VendorAt.UTC(),
		Source: t.Source, Kept: t.Kept,
	}
}

// attempt is the shared attempt. Its texts go through Printable once more:
// another version of hauth may have written them.
func (r record) attempt(toLocal shift, creds auth.Credentials) auth.Attempt {
	a := r.Attempt
	if a == nil {
		return auth.Attempt{}
	}
	out := auth.Attempt{
		ID: a.ID, At: toLocal.apply(a.At), CredentialID: creds.ID,
		Failures: a.Failures, RetryAt: toLocal.apply(a.RetryAt), Mandatory: a.Mandatory,
	}
	if f := a.Failure; f != nil {
		kind, _ := auth.KindOf(f.Code)
		remedy := f.Remedy
		if !remedy.Known() {
			remedy = ""
		}
		out.Failure = &auth.Error{
			Kind: kind, Fact: auth.Printable(f.Fact), Remedy: remedy,
			VendorCode: auth.Printable(f.VendorCode), VendorMessage: auth.Printable(f.VendorMessage), TraceID: auth.Printable(f.TraceID),
			Retryable: f.Retryable, RetryAfter: time.Duration(f.RetryAfterMS) * time.Millisecond,
		}
	}
	return out
}

// setAttempt leaves out the cause of a failure: it is text that no one has
// vouched for to be free of secrets, and the vendor's part is kept apart.
func (r *record) setAttempt(a auth.Attempt, toEngine shift) {
	r.Attempt = &attemptRecord{
		ID: a.ID, At: toEngine.apply(a.At), Failures: a.Failures, RetryAt: toEngine.apply(a.RetryAt), Mandatory: a.Mandatory,
	}
	if e := a.Failure; e != nil {
		r.Attempt.Failure = &failureRecord{
			Code: e.Kind.Code(), Fact: e.Fact, Remedy: e.Remedy,
			VendorCode: e.VendorCode, VendorMessage: e.VendorMessage, TraceID: e.TraceID,
			Retryable: e.Retryable, RetryAfterMS: e.RetryAfter.Milliseconds(),
		}
	}
}

// setVars shares credentials that the vendor has replaced: all secret
// variables, so that it does not matter which of them rotate.
func (r *record) setVars(creds auth.Credentials, secrets []string) {
	r.Vars = map[string]string{}
	for _, n := range secrets {
		// JSON has no form for other bytes, and no vendor's answer brings them.
		if v, ok := creds.Vars[n]; ok && utf8.ValidString(v.Reveal()) {
			r.Vars[n] = v.Reveal()
		}
	}
}

// withVars is creds with what the record keeps of it.
func (r record) withVars(creds auth.Credentials, secrets []string) auth.Credentials {
	vars := make(map[string]auth.Secret, len(creds.Vars))
	for n, v := range creds.Vars {
		vars[n] = v
	}
	for _, n := range secrets {
		if v, ok := r.Vars[n]; ok {
			vars[n] = auth.NewSecret(v)
		}
	}
	creds.Vars = vars
	return creds
}
