package store

import (
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"slices"

	"github.com/hauth/hauth/pkg/auth"
)

// sealedLabel binds a key to this construction. It has to change whenever the
// inputs of the derivation change.
const sealedLabel = "hauth sealed cache v1"

// minSecret is the minimum length, in bytes. A shorter secret might be found
// by trying which one decrypts the file.
const minSecret = 16

// strong reports whether one of the secret variables is long enough to derive
// a key from. The lengths are not added up: a client secret of 10 bytes and a
// password of 10 bytes may each be guessed.
func strong(c auth.Credentials, secretNames []string) bool {
	return slices.ContainsFunc(secretNames, func(name string) bool { return len(c.Vars[name].Reveal()) >= minSecret })
}

// deriveKey derives the cache's name and key from all secret variables; both
// are bound to everything else that decides which token the vendor issues.
// Each part is preceded by its length, so that no two sets of parts give the
// same bytes.
func deriveKey(a auth.Account, c auth.Credentials, secretNames []string) (name string, key []byte, err error) {
	var secret, public []byte
	part := func(to []byte, s string) []byte {
		return append(binary.BigEndian.AppendUint32(to, uint32(len(s))), s...)
	}
	for _, s := range []string{sealedLabel, a.Full(), c.Endpoint, c.SpecSHA256} {
		public = part(public, s)
	}
	names := make([]string, 0, len(c.Vars))
	for n := range c.Vars {
		names = append(names, n)
	}
	slices.Sort(names)
	for _, n := range names {
		if slices.Contains(secretNames, n) {
			secret = part(part(secret, n), c.Vars[n].Reveal())
		} else {
			public = part(part(public, n), c.Vars[n].Reveal())
		}
	}
	out, err := hkdf.Key(sha256.New, secret, nil, string(public), 16+32)
	if err != nil {
		return "", nil, err
	}
	return hex.EncodeToString(out[:16]), out[16:], nil
}
