package mockvendor

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// issue is what an answer with a token contains.
type issue struct {
	token   string
	issued  time.Time
	ttl     time.Duration
	base    string            // URL of the vendor, as the client knows it
	rotated map[string]string // the next value of each variable that rotates
}

// mint makes a token. A value that rotates changes, and the one that brought
// the token is no longer valid.
func (f *fileVendor) mint(r *http.Request, issued time.Time, ttl time.Duration) (string, any) {
	i := issue{issued: issued, ttl: ttl, base: "http://" + r.Host + "/" + f.Provider, rotated: map[string]string{}}
	i.token = "mock-only-" + f.Provider + "-" + randomText(24)
	if f.tokenIsJWT() {
		i.token = i.jwt()
	}
	for name := range f.Rotate {
		i.rotated[name] = "mock-only-" + f.Provider + "-" + strings.ReplaceAll(name, "_", "-") + "-" + rand.Text() + altered
		f.vendor.credentials[name] = i.rotated[name]
	}
	return i.token, i
}

// tokenIsJWT reports whether the token's own claims state its life.
func (f *fileVendor) tokenIsJWT() bool {
	if len(f.Expires) == 0 {
		return false
	}
	e := f.Expires[0]
	return e.As == "jwt" && (e.At == "" || slices.Contains(f.Token, e.At))
}

func (i issue) jwt() string {
	type claims struct {
		Iat int64 `json:"iat"`
		Exp int64 `json:"exp"`
	}
	return jwt(`{"alg":"HS256","typ":"JWT"}`, claims{i.issued.Unix(), i.issued.Add(i.ttl).Unix()}, 32)
}

// write puts a message where the file looks for it.
func (f *fileVendor) write(r message) answer {
	a := &built{tree: map[string]any{}, header: map[string]string{}}
	status := http.StatusOK
	if r.failure != nil {
		status = r.failure.status
		f.putFailure(a, *r.failure)
	} else {
		for path, accepted := range f.OK {
			a.put(path, literal(firstText(accepted)))
		}
	}
	switch data := r.data.(type) {
	case issue:
		f.putToken(a, data)
	case call:
		a.put("data.account", data.Account)
		a.put("data.provider", data.Provider)
		a.put("data.method", data.Method)
		a.put("data.path", data.Path)
		a.put("data.bytes", data.Bytes)
		a.put("data.sha256", data.SHA256)
	}
	return a.answer(r.outcome, status, r.now)
}

func (f *fileVendor) putToken(a *built, i issue) {
	a.put(f.Token[0], i.token)
	if len(f.Expires) > 0 { // the first that is present wins
		if e := f.Expires[0]; e.At != "" && !slices.Contains(f.Token, e.At) {
			a.put(e.At, i.life(e))
		}
	}
	for name, path := range f.Keep {
		a.put(path, i.kept(name, f.API))
	}
	for name, path := range f.Rotate {
		a.put(path, i.rotated[name])
	}
}

// life is the token's end as an entry of expires reads it.
func (i issue) life(e FileExpiry) any {
	end := i.issued.Add(i.ttl)
	switch e.As {
	case "milliseconds":
		return i.ttl.Milliseconds()
	case "epoch_s":
		return end.Unix()
	case "epoch_ms":
		return end.UnixMilli()
	case "rfc3339":
		return end.UTC().Format(time.RFC3339)
	case "datetime":
		zone, err := time.Parse("Z07:00", e.Zone)
		if err != nil {
			return ""
		}
		return end.In(zone.Location()).Format(time.DateTime)
	case "jwt":
		return i.jwt()
	}
	return int64(i.ttl / time.Second)
}

// kept is a further value of the answer. One that is the API's address is
// this vendor's own.
func (i issue) kept(name, api string) string {
	if api == "{"+name+"}" {
		return i.base
	}
	return "mock-only-" + strings.ReplaceAll(name, "_", "-")
}

// putFailure puts a refusal where the file looks for it, or, if it does not
// describe failures, in the form of RFC 6749.
func (f *fileVendor) putFailure(a *built, failed failure) {
	for path, accepted := range f.OK {
		a.put(path, unlike(accepted))
		if len(f.Error.Code) == 0 {
			a.put(path, failed.code) // which the client takes as the code
		}
	}
	code, message := f.Error.Code, f.Error.Message
	if len(code)+len(message)+len(f.Error.Trace) == 0 {
		code, message = []string{"error"}, []string{"error_description"}
	}
	if len(message) > 0 {
		a.put(message[0], failed.text)
	}
	if len(f.Error.Trace) > 0 {
		a.put(f.Error.Trace[0], rand.Text()+"_mock")
	}
	if len(code) > 0 {
		a.put(code[0], failed.code)
	}
}

// firstText is the first text that does not stand for absence.
func firstText(texts []string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

// unlike is a value other than the accepted ones.
func unlike(accepted []string) any {
	if slices.Contains(accepted, "true") {
		return false
	}
	for n := 1; ; n++ {
		if !slices.Contains(accepted, strconv.Itoa(n)) {
			return n
		}
	}
}

// literal is a text of the file as JSON: a number or a bool if it reads as
// one.
func literal(text string) any {
	switch {
	case text == "true", text == "false":
		return text == "true"
	case text != "" && strings.Trim(text, "0123456789") == "" && (text == "0" || text[0] != '0') && len(text) < 16:
		return json.Number(text)
	}
	return text
}
