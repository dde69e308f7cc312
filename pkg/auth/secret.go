package auth

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
)

// Redacted stands wherever a secret would have been printed.
const Redacted = "[redacted]"

// Secret is a string that must not be printed. Every fmt verb, slog and text
// encoding give Redacted; JSON and gob encoding are errors. Inside a struct's
// unexported field, where fmt may not call methods, only an address shows:
// that is why the value stands behind a pointer.
//
// The zero Secret is empty.
type Secret struct{ value *string }

// NewSecret wraps s.
func NewSecret(s string) Secret {
	if s == "" {
		return Secret{}
	}
	return Secret{value: &s}
}

// Reveal returns the value. It is the one way out: searching the source for
// Reveal shows every place where a secret leaves its type.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// IsEmpty reports whether there is no value.
func (s Secret) IsEmpty() bool { return s.value == nil }

// Equal compares two secrets in time that depends only on their lengths.
func (s Secret) Equal(t Secret) bool {
	return subtle.ConstantTimeCompare([]byte(s.Reveal()), []byte(t.Reveal())) == 1
}

// SHA256 returns the lower-case hexadecimal SHA-256 of the value, which may
// be shown: it names a token without giving it away.
func (s Secret) SHA256() string {
	sum := sha256.Sum256([]byte(s.Reveal()))
	return hex.EncodeToString(sum[:])
}

// Format implements fmt.Formatter, which takes precedence over every other
// way that fmt has of looking at a value.
func (s Secret) Format(f fmt.State, _ rune) { io.WriteString(f, Redacted) }

// String implements fmt.Stringer.
func (s Secret) String() string { return Redacted }

// LogValue implements slog.LogValuer.
func (s Secret) LogValue() slog.Value { return slog.StringValue(Redacted) }

var errEncode = errors.New("secrets must not be encoded")

// MarshalJSON always fails: a secret that reaches an encoder is a mistake,
// and a record with "[redacted]" in it would be a silent loss.
func (s Secret) MarshalJSON() ([]byte, error) { return nil, errEncode }

// MarshalText gives Redacted, for encoders whose output is meant for people.
func (s Secret) MarshalText() ([]byte, error) { return []byte(Redacted), nil }

// MarshalBinary always fails, as MarshalJSON does.
func (s Secret) MarshalBinary() ([]byte, error) { return nil, errEncode }
