package keyring

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "make new test vectors")

// The test vectors of docs/formats.md for records over 2400 bytes. They are
// read by hauth's own code and by code that knows that page alone, so that
// neither can change without the other.
const vectorUsername = "123pan/default#token"

func vector(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "vectors", name))
	noError(t, err)
	return data
}

// The record in the blob is package store's vector.
func vectorRecord(t *testing.T) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "testdata", "vectors", "token.json"))
	noError(t, err)
	return data
}

// TestVectorsAreRead: hauth reads the committed vectors.
func TestVectorsAreRead(t *testing.T) {
	record := vectorRecord(t)
	if *update {
		p, blob := seal(record, vectorUsername)
		dir := filepath.Join("testdata", "vectors")
		noError(t, os.MkdirAll(dir, 0o755))
		noError(t, os.WriteFile(filepath.Join(dir, "pointer.json"), p.encode(), 0o644))
		noError(t, os.WriteFile(filepath.Join(dir, "blob"), blob, 0o644))
	}
	p, ok := parsePointer(vector(t, "pointer.json"))
	if !ok {
		t.Fatal("the pointer cannot be read")
	}
	if got, err := p.open(vector(t, "blob"), vectorUsername); err != nil || !bytes.Equal(got, record) {
		t.Errorf("the blob reads as %q, %v", got, err)
	}
}

// TestVectorsAreAsDocumented reads them without hauth's code.
func TestVectorsAreAsDocumented(t *testing.T) {
	var pointer struct{ Blob, Key string }
	noError(t, json.Unmarshal(vector(t, "pointer.json"), &pointer))
	blob := vector(t, "blob")
	if sum := sha256.Sum256(blob); hex.EncodeToString(sum[:]) != pointer.Blob {
		t.Error("the blob's name is not its digest")
	}
	key, err := base64.RawStdEncoding.DecodeString(pointer.Key)
	noError(t, err)
	block, err := aes.NewCipher(key)
	noError(t, err)
	aead, err := cipher.NewGCM(block)
	noError(t, err)
	got, err := aead.Open(nil, make([]byte, 12), blob, []byte(vectorUsername))
	noError(t, err)
	if !bytes.Equal(got, vectorRecord(t)) {
		t.Errorf("the blob holds %q", got)
	}
}
