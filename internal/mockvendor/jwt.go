package mockvendor

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
)

// jwt makes a text in the form of a JSON Web Token. The signature is random
// bytes of the algorithm's length: neither side verifies it, and it makes
// every token different.
func jwt(header string, claims any, signature int) string {
	body, err := json.Marshal(claims)
	if err != nil {
		panic(err) // claims are structs of numbers
	}
	enc := base64.RawURLEncoding.EncodeToString
	return enc([]byte(header)) + "." + enc(body) + "." + enc(randomBytes(signature))
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // never fails, by its contract
	return b
}

// randomText is the base64 URL text of n random bytes.
func randomText(n int) string { return base64.RawURLEncoding.EncodeToString(randomBytes(n)) }
