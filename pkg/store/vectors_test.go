package store

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"flag"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"github.com/hauth/hauth/pkg/auth"
)

var update = flag.Bool("update", false, "make new test vectors")

// The test vectors of docs/formats.md. They are read by hauth's own code and
// by code that knows that page alone, so that neither can change without the
// other.
func vectorCredentials() auth.Credentials {
	return auth.Credentials{
		ID: "vector-id", Endpoint: "https://open-api.123pan.com",
		Vars: map[string]auth.Secret{
			"client_id":     auth.NewSecret("vector-client"),
			"client_secret": auth.NewSecret("vector-only-secret-0123456789"),
		},
	}
}

func vectorToken() auth.Token {
	return auth.Token{
		Value: auth.NewSecret("vector.only*token=="), Type: "Bearer", Source: auth.SourceField,
		IssuedAt: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), ExpiresAt: time.Date(2026, 4, 2, 3, 4, 5, 0, time.UTC),
		Endpoint: "https://open-api.123pan.com", CredentialID: "vector-id",
	}
}

func vectorPath(name string) string { return filepath.Join("testdata", "vectors", name) }

func vector(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(vectorPath(name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestVectorsAreRead: what is committed, hauth reads.
func TestVectorsAreRead(t *testing.T) {
	if *update {
		writeVectors(t)
	}
	record := vector(t, "token.json")
	token, err := decodeToken(testVectorAccount, record)
	noError(t, err)
	if want := vectorToken(); !token.Value.Equal(want.Value) || !token.ExpiresAt.Equal(want.ExpiresAt) || token.CredentialID != want.CredentialID {
		t.Errorf("the token record reads as %+v", token)
	}
	creds, err := decodeCredentials(testVectorAccount, vector(t, "credentials.json"))
	noError(t, err)
	if creds.ID != "vector-id" || creds.Vars["client_secret"].Reveal() != "vector-only-secret-0123456789" {
		t.Error("the credentials record reads otherwise")
	}

	_, key, err := deriveKey(testVectorAccount, vectorCredentials(), []string{"client_secret"})
	noError(t, err)
	if got, err := unsealToken(key, vector(t, "sealed")); err != nil || !bytes.Equal(got, record) {
		t.Errorf("the sealed token reads as %q, %v", got, err)
	}
}

// TestVectorsAreAsDocumented reads them with nothing of hauth's.
func TestVectorsAreAsDocumented(t *testing.T) {
	record := vector(t, "token.json")

	// File store
	ids, err := age.ParseIdentities(bytes.NewReader(vector(t, "identity.txt")))
	noError(t, err)
	for _, name := range []string{"token", "credentials"} {
		r, err := age.Decrypt(bytes.NewReader(vector(t, name+".age")), ids...)
		noError(t, err)
		got, err := io.ReadAll(r)
		noError(t, err)
		if !bytes.Equal(got, vector(t, name+".json")) {
			t.Errorf("%s.age holds %q", name, got)
		}
	}

	// Sealed cache
	var creds struct {
		Account, Endpoint string
		SpecSHA256        string `json:"spec_sha256"`
		Vars              map[string]string
	}
	noError(t, json.Unmarshal(vector(t, "credentials.json"), &creds))
	part := func(s string) string {
		return string(binary.BigEndian.AppendUint32(nil, uint32(len(s)))) + s
	}
	secret, public := "", part("hauth sealed cache v1")+part(creds.Account)+part(creds.Endpoint)+part(creds.SpecSHA256)
	for _, name := range slices.Sorted(maps.Keys(creds.Vars)) {
		if name == "client_secret" {
			secret += part(name) + part(creds.Vars[name])
		} else {
			public += part(name) + part(creds.Vars[name])
		}
	}
	out, err := hkdf.Key(sha256.New, []byte(secret), nil, public, 48)
	noError(t, err)
	if got, want := hex.EncodeToString(out[:16]), strings.TrimSpace(string(vector(t, "sealed.name"))); got != want {
		t.Errorf("the file's name is %s, want %s", got, want)
	}
	sealed := vector(t, "sealed")
	if !bytes.HasPrefix(sealed, []byte("hauth-sealed\x01")) {
		t.Errorf("the file begins with %q", sealed[:13])
	}
	if expiry := binary.BigEndian.Uint64(sealed[13:21]); int64(expiry) != vectorToken().ExpiresAt.Unix() {
		t.Errorf("the header says %d", expiry)
	}
	if got := openGCM(t, out[16:], sealed[21:], sealed[:21]); !bytes.Equal(got, record) {
		t.Errorf("the sealed file holds %q", got)
	}
}

// openGCM opens a nonce of 12 bytes and what follows it.
func openGCM(t *testing.T, key, sealed, additional []byte) []byte {
	t.Helper()
	block, err := aes.NewCipher(key)
	noError(t, err)
	aead, err := cipher.NewGCM(block)
	noError(t, err)
	data, err := aead.Open(nil, sealed[:12], sealed[12:], additional)
	noError(t, err)
	return data
}

var testVectorAccount = auth.Account{Provider: "123pan", Profile: auth.DefaultProfile}

func writeVectors(t *testing.T) {
	t.Helper()
	noError(t, os.MkdirAll(vectorPath(""), 0o755))
	put := func(name string, data []byte) { noError(t, os.WriteFile(vectorPath(name), data, 0o644)) }
	token, err := encodeToken(testVectorAccount, vectorToken())
	noError(t, err)
	creds, err := encodeCredentials(testVectorAccount, savedCredentials{Credentials: vectorCredentials()})
	noError(t, err)
	put("token.json", token)
	put("credentials.json", creds)

	id, err := age.GenerateX25519Identity()
	noError(t, err)
	put("identity.txt", []byte(id.String()+"\n"))
	for name, data := range map[string][]byte{"token.age": token, "credentials.age": creds} {
		var b bytes.Buffer
		w, err := age.Encrypt(&b, id.Recipient())
		noError(t, err)
		w.Write(data)
		noError(t, w.Close())
		put(name, b.Bytes())
	}

	name, key, err := deriveKey(testVectorAccount, vectorCredentials(), []string{"client_secret"})
	noError(t, err)
	sealed, err := sealToken(key, vectorToken().ExpiresAt, token)
	noError(t, err)
	put("sealed", sealed)
	put("sealed.name", []byte(name+"\n"))
}
