package providers

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"strings"

	"github.com/hauth/hauth/pkg/auth"
)

var errNotPEM = errors.New("must be a private key in PEM, from -----BEGIN to -----END, with its line breaks")

// parsePrivateKey reads a private key in PEM: PKCS#8, PKCS#1 or SEC 1. Line
// breaks may be written as \n, as JSON files and environment variables have
// them. The errors continue "NAME …" and never repeat the value.
func parsePrivateKey(text string) (crypto.Signer, error) {
	block, rest := pem.Decode([]byte(text))
	if block == nil {
		block, rest = pem.Decode([]byte(strings.ReplaceAll(text, `\n`, "\n")))
	}
	if block != nil && block.Type == "EC PARAMETERS" { // openssl ecparam -genkey puts them first
		block, _ = pem.Decode(rest)
	}
	if block == nil {
		return nil, errNotPEM
	}
	if block.Type == "ENCRYPTED PRIVATE KEY" || strings.Contains(block.Headers["Proc-Type"], "ENCRYPTED") {
		return nil, errors.New("is a key under a passphrase, which hauth does not ask for; to write it without: openssl pkey -in FILE -out PLAIN")
	}
	var key any
	var err error
	switch block.Type {
	case "PRIVATE KEY":
		key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	case "RSA PRIVATE KEY":
		key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	case "EC PRIVATE KEY":
		key, err = x509.ParseECPrivateKey(block.Bytes)
	case "OPENSSH PRIVATE KEY":
		return nil, errors.New("is a key in OpenSSH's own format; to convert a copy of it: ssh-keygen -p -m PKCS8 -f COPY")
	case "CERTIFICATE", "PUBLIC KEY", "RSA PUBLIC KEY", "CERTIFICATE REQUEST":
		return nil, errors.New("must be a private key; this is a " + strings.ToLower(block.Type))
	default:
		return nil, errors.New("must be a private key in PEM (PRIVATE KEY, RSA PRIVATE KEY or EC PRIVATE KEY)")
	}
	if err != nil {
		return nil, errors.New("is PEM, but not a private key that can be read")
	}
	switch key := key.(type) {
	case *rsa.PrivateKey:
		return key, nil
	case *ecdsa.PrivateKey:
		return key, nil
	case ed25519.PrivateKey:
		return key, nil
	}
	return nil, errors.New("must be an RSA, ECDSA or Ed25519 key")
}

// linesOf are the lines of a secret that are long enough to give it away.
func linesOf(s auth.Secret) []auth.Secret {
	const long = 16 // bytes
	var lines []auth.Secret
	for line := range strings.SplitSeq(strings.ReplaceAll(s.Reveal(), `\n`, "\n"), "\n") {
		if line = strings.TrimSpace(line); len(line) >= long && !strings.HasPrefix(line, "-----") {
			lines = append(lines, auth.NewSecret(line))
		}
	}
	return lines
}
