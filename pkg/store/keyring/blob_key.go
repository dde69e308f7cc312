package keyring

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
)

const (
	sealNonce    = 12 // bytes; the standard nonce of GCM
	sealOverhead = 16 // bytes; its tag
)

// blobKey is the AES-256 key of one blob. Only MarshalText reveals it, for the
// keyring; package fmt does not print it.
type blobKey [32]byte

func (k blobKey) aead() cipher.AEAD {
	block, err := aes.NewCipher(k[:])
	if err != nil {
		panic(err) // for wrong key sizes only
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err) // for wrong block sizes only
	}
	return aead
}

// Format implements fmt.Formatter.
func (k blobKey) Format(f fmt.State, _ rune) { io.WriteString(f, "[redacted]") }

// MarshalText implements encoding.TextMarshaler.
func (k blobKey) MarshalText() ([]byte, error) {
	return base64.RawStdEncoding.AppendEncode(nil, k[:]), nil
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (k *blobKey) UnmarshalText(text []byte) error {
	raw, err := base64.RawStdEncoding.Strict().DecodeString(string(text))
	if err != nil || len(raw) != len(k) {
		return errors.New("invalid key")
	}
	copy(k[:], raw)
	return nil
}
