package mockvendor

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"strings"
)

// makeCredentials makes test credentials for a file: the same ones each time,
// except for keys, which must not be in a program's source.
func makeCredentials(f File) map[string]string {
	credentials := map[string]string{}
	for _, v := range f.Vars {
		credentials[v.Name] = makeCredential(f, v)
	}
	return credentials
}

func makeCredential(f File, v FileVar) string {
	word := "mock-only-" + f.Provider + "-" + strings.ReplaceAll(v.Name, "_", "-")
	switch {
	case v.Default != "":
		return v.Default
	case v.Is == "pem" || v.Name == f.JWT.Key && f.JWT.Alg != "HS256":
		return makeKey(f.JWT.Alg)
	}
	switch v.Is {
	case "", "text":
		if v.Secret {
			digest := sha256.Sum256([]byte(word))
			return word + "-" + hex.EncodeToString(digest[:6]) + altered
		}
	case "host":
		return "mock.example.com"
	case "label":
		return "mock"
	case "number":
		return "4242"
	}
	return word
}

// altered holds characters that a client changes if it escapes wrongly.
const altered = "+/%3D&="

// makeKey makes a private key for an algorithm, in PEM.
func makeKey(alg string) string {
	var key crypto.Signer
	var err error
	switch alg {
	case "ES256":
		key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case "EdDSA":
		_, key, err = ed25519.GenerateKey(rand.Reader)
	default:
		key, err = rsa.GenerateKey(rand.Reader, 2048)
	}
	if err != nil {
		panic(err) // crypto/rand does not fail
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		panic(err) // these kinds of key can all be written
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

// publicKey is the public half of a key that makeKey made.
func publicKey(text string) crypto.PublicKey {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if signer, ok := key.(crypto.Signer); ok && err == nil {
		return signer.Public()
	}
	return nil
}
