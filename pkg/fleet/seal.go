package fleet

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hauth/hauth/pkg/auth"
)

// sealLabel binds names and keys to this construction. It changes with
// everything that the derivation covers.
const sealLabel = "hauth fleet v1"

// minSecret is the length, in bytes, under which a secret could be found by
// trying what opens the record. The engine's operator could do that for as
// long as he likes.
const minSecret = 16

const (
	nameSize = 16
	keySize  = 32
)

// Seal is the name of an account's record and the key that opens it.
type Seal struct {
	name string
	key  []byte
}

// NewSeal derives the Seal of creds at a provider. The variables in secrets
// are the secret ones; name and key come from all of them, and are bound to
// the provider, the endpoint and the other variables. The account's profile
// and the provider file's digest have no part in it: machines that name them
// differently share.
//
// With a content of a seal file, which every machine of the fleet must have,
// a secret may be short. Without one the error is of kind Usage where no
// secret has at least 16 bytes.
func NewSeal(provider string, creds auth.Credentials, secrets []string, sealFile auth.Secret) (Seal, error) {
	if kept := creds.Vars[keptSeal].Reveal(); kept != "" {
		return parseSeal(kept)
	}
	var secret, public []byte
	part := func(to []byte, s string) []byte {
		return append(binary.BigEndian.AppendUint32(to, uint32(len(s))), s...)
	}
	for _, s := range []string{sealLabel, provider, creds.Endpoint} {
		public = part(public, s)
	}
	strong := len(sealFile.Reveal()) >= minSecret
	for _, n := range slices.Sorted(maps.Keys(creds.Vars)) {
		value := creds.Vars[n].Reveal()
		if !slices.Contains(secrets, n) {
			public = part(part(public, n), value)
			continue
		}
		secret = part(part(secret, n), value)
		strong = strong || len(value) >= minSecret
	}
	if !strong {
		return Seal{}, &auth.Error{
			Kind:   auth.Usage,
			Fact:   fmt.Sprintf("the token is not shared: no secret variable has %d bytes or more, and the fleet engine's operator could guess a shorter one", minSecret),
			Remedy: auth.RemedySealFile,
		}
	}
	secret = part(secret, sealFile.Reveal())
	out, err := hkdf.Key(sha256.New, secret, nil, string(public), nameSize+keySize)
	if err != nil {
		return Seal{}, &auth.Error{Kind: auth.Internal, Fact: "the fleet's record has no key", Err: err}
	}
	return Seal{name: hex.EncodeToString(out[:nameSize]), key: out[nameSize:]}, nil
}

// Name is what the record is called in the engine. It gives nothing away.
func (s Seal) Name() string { return s.name }

// Short is the beginning of Name, for people to compare.
func (s Seal) Short() string { return s.name[:min(8, len(s.name))] }

// keptSeal is a variable of stored credentials that no provider can have. It
// keeps what a rotation of the secrets would change.
const keptSeal = "fleet:seal"

// Keep returns creds with the Seal in them. Credentials of a vendor that
// replaces them at each exchange are stored this way at login: what is derived
// from them afterwards would be another record.
func (s Seal) Keep(creds auth.Credentials) auth.Credentials {
	creds.Vars = maps.Clone(creds.Vars)
	creds.Vars[keptSeal] = auth.NewSecret(s.name + ":" + base64.RawStdEncoding.EncodeToString(s.key))
	return creds
}

func parseSeal(kept string) (Seal, error) {
	name, encoded, _ := strings.Cut(kept, ":")
	key, err := base64.RawStdEncoding.DecodeString(encoded)
	if raw, nameErr := hex.DecodeString(name); err != nil || nameErr != nil || len(raw) != nameSize || len(key) != keySize {
		return Seal{}, &auth.Error{Kind: auth.Store, Fact: "the stored credentials have a damaged fleet key", Remedy: auth.RemedyLogin}
	}
	return Seal{name: name, key: key}, nil
}

// A sealed record is a header, a nonce of 12 bytes and the ciphertext. The
// header says, to whoever has no key, what it is.
const (
	sealMagic   = "hauth-fleet"
	sealVersion = 1
)

// maxRecord bounds a sealed record, in bytes.
const maxRecord = 256 << 10

var (
	errUnreadable = errors.New("it is damaged or was sealed with another key")
	errNewer      = errors.New("it was written by a newer hauth")
)

// seal encrypts data. The record cannot be moved to another name.
func (s Seal) seal(data []byte) ([]byte, error) {
	header := append([]byte(sealMagic), sealVersion)
	aead, err := s.aead()
	if err != nil {
		return nil, err
	}
	return aead.Seal(header, nil, data, s.bound(header)), nil
}

func (s Seal) open(sealed []byte) ([]byte, error) {
	size := len(sealMagic) + 1
	switch {
	case len(sealed) > maxRecord || len(sealed) < size || string(sealed[:size-1]) != sealMagic:
		return nil, errUnreadable
	case sealed[size-1] > sealVersion:
		return nil, errNewer
	}
	aead, err := s.aead()
	if err != nil {
		return nil, err
	}
	data, err := aead.Open(nil, nil, sealed[size:], s.bound(sealed[:size]))
	if err != nil {
		return nil, errUnreadable
	}
	return data, nil
}

func (s Seal) bound(header []byte) []byte { return append(slices.Clip(header), s.name...) }

func (s Seal) aead() (cipher.AEAD, error) {
	block, err := aes.NewCipher(s.key)
	if err != nil {
		return nil, &auth.Error{Kind: auth.Internal, Fact: "the fleet's record cannot be sealed", Err: err}
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// Seal is [NewSeal] with the content of the target's seal file, if its URL
// names one.
func (t Target) Seal(provider string, creds auth.Credentials, secrets []string) (Seal, error) {
	file, err := t.sealFile()
	if err != nil {
		return Seal{}, err
	}
	return NewSeal(provider, creds, secrets, file)
}
