package providers

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strconv"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/hauth/hauth/pkg/auth"
)

// values gives the value of a name in a template.
type values func(name string) (string, error)

// Names that templates know beside variables. A variable of the same name
// comes first: files that are older than these names go on working.
const (
	nameNowS  = "now_s"  // seconds since 1970
	nameNowMS = "now_ms" // milliseconds since 1970
	nameUUID  = "uuid"   // random, version 4
	nameJWT   = "jwt"
	nameSign  = "sign"
	nameToken = "token"
)

// generated reports the names whose values hauth makes without the Spec's
// help.
func generated(name string) bool {
	return name == nameNowS || name == nameNowMS || name == nameUUID
}

// variables are the credentials' own values, and the defaults.
func (s *Spec) variables(creds auth.Credentials) values {
	return func(name string) (string, error) {
		v, ok := s.Var(name)
		if !ok {
			return "", &auth.Error{Kind: auth.Internal, Fact: "the provider file names " + name + ", which has no value"}
		}
		value := creds.Vars[name]
		switch {
		case !value.IsEmpty():
			return value.Reveal(), nil
		case v.Default != "":
			return v.Default, nil
		case v.Optional:
			return "", errLeftOut
		}
		return "", &auth.Error{Kind: auth.Usage, Fact: "the credentials hold no " + name, Remedy: auth.RemedyLogin}
	}
}

// moment gives the values that are made anew for each request or API call, at
// a time on the vendor's clock. One request sees the same value everywhere: a
// signature covers the time that is sent beside it.
func moment(at time.Time) values {
	uuid := sync.OnceValue(newUUID)
	return func(name string) (string, error) {
		switch name {
		case nameNowS:
			return strconv.FormatInt(at.Unix(), 10), nil
		case nameNowMS:
			return strconv.FormatInt(at.UnixMilli(), 10), nil
		}
		return uuid(), nil
	}
}

// requestValues are what the templates of a request know. made lists the
// secret values that come about on the way, for redaction.
func (s *Spec) requestValues(creds auth.Credentials, at time.Time) (_ values, made func() []auth.Secret) {
	variables, now := s.variables(creds), moment(at)
	var secrets []auth.Secret
	once := func(make func() (string, error)) func() (string, error) {
		return sync.OnceValues(func() (string, error) {
			text, err := make()
			if err == nil {
				secrets = append(secrets, auth.NewSecret(text))
			}
			return text, err
		})
	}
	var all values
	jwt := once(func() (string, error) { return s.JWT.sign(s, creds, at, all) })
	sign := once(func() (string, error) { return s.Sign.digest(creds, all) })
	all = func(name string) (string, error) {
		_, isVar := s.Var(name)
		switch {
		case isVar:
		case generated(name):
			return now(name)
		case name == nameJWT && s.JWT.Alg != "":
			return jwt()
		case name == nameSign && s.Sign.Alg != "":
			return sign()
		}
		return variables(name)
	}
	return all, func() []auth.Secret { return secrets }
}

// isNumber reports that a JSON value which is {name} alone is a number.
func (s *Spec) isNumber(name string) bool {
	if v, ok := s.Var(name); ok {
		return v.Is == IsNumber
	}
	return name == nameNowS || name == nameNowMS
}

// jsonText expands a string of a JSON value. Text that is not UTF-8 is an
// error: encoding/json would replace the bytes without a word.
func (s *Spec) jsonText(template string, value values, asText bool) (any, error) {
	text, err := expand(template, value)
	if err != nil {
		return nil, err
	}
	if name, alone := only(template); alone && !asText && s.isNumber(name) && validNumber(text) {
		return json.Number(text), nil
	}
	if !utf8.ValidString(text) {
		return nil, &auth.Error{Kind: auth.Usage, Fact: "a value is not valid UTF-8 and cannot be sent as JSON"}
	}
	return text, nil
}

// newUUID makes a random UUID of version 4 (RFC 9562 section 5.4).
func newUUID() string {
	var b [16]byte
	rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
