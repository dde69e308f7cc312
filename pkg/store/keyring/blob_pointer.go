package keyring

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
)

// pointer is what the keyring holds instead of a record that is in a blob.
type pointer struct {
	V    int     `json:"v"`
	Blob string  `json:"blob"` // hexadecimal SHA-256 of the sealed record, and the name of its file
	Key  blobKey `json:"key"`
}

const pointerVersion = 1

// seal encrypts a record under a fresh key. The nonce can be constant because
// no key is ever used twice.
func seal(record []byte, name string) (pointer, []byte) {
	p := pointer{V: pointerVersion}
	rand.Read(p.Key[:])
	sealed := p.Key.aead().Seal(nil, make([]byte, sealNonce), record, []byte(name))
	sum := sha256.Sum256(sealed)
	p.Blob = hex.EncodeToString(sum[:])
	return p, sealed
}

// open decrypts what seal made. The record's name is bound to it, so that a
// pointer cannot be used for another record.
func (p pointer) open(sealed []byte, name string) ([]byte, error) {
	if sum := sha256.Sum256(sealed); hex.EncodeToString(sum[:]) != p.Blob {
		return nil, errors.New("its file was altered")
	}
	record, err := p.Key.aead().Open(nil, make([]byte, sealNonce), sealed, []byte(name))
	if err != nil {
		return nil, errors.New("its file belongs to another record")
	}
	return record, nil
}

func (p pointer) encode() []byte {
	data, err := json.Marshal(p)
	if err != nil {
		panic(err) // strings and numbers only
	}
	return data
}

// parsePointer recognises what encode makes, byte for byte, and nothing else,
// so that no ordinary record is taken for a pointer. The only record that could
// be, one that is itself a pointer, goes into a blob.
func parsePointer(data []byte) (pointer, bool) {
	var p pointer
	if !bytes.HasPrefix(data, []byte(`{"v":1,"blob":"`)) || json.Unmarshal(data, &p) != nil || !bytes.Equal(p.encode(), data) {
		return pointer{}, false
	}
	sum, err := hex.DecodeString(p.Blob)
	return p, err == nil && len(sum) == sha256.Size && hex.EncodeToString(sum) == p.Blob
}
