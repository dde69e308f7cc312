package providers

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"hash"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/hauth/hauth/pkg/auth"
)

// Sign describes the digest that stands for {sign}. Over lists what it is
// made of, joined without a separator: templates that know the Spec's
// variables, secret ones included, {now_s}, {now_ms} and {uuid}.
type Sign struct {
	Alg  string // one of the Sign constants; empty: there is none
	Key  string // secret variable; for SignHMACSHA256
	Over []string
	As   string // hex, HEX (upper case) or base64
}

const (
	SignHMACSHA256 = "hmac-sha256"
	SignSHA256     = "sha256"
	SignMD5        = "md5"
)

// How a digest is written.
const (
	signHex      = "hex"
	signUpperHex = "HEX"
	signBase64   = "base64"
)

func (d *decoder) sign(path string, n *yaml.Node, s *Sign) {
	d.fields(path, n, map[string]reader{"alg": d.text(&s.Alg), "key": d.text(&s.Key), "over": d.lists(&s.Over), "as": d.text(&s.As)})
}

func (s Sign) digest(creds auth.Credentials, value values) (string, error) {
	var h hash.Hash
	switch s.Alg {
	case SignHMACSHA256:
		h = hmac.New(sha256.New, []byte(creds.Vars[s.Key].Reveal()))
	case SignMD5:
		h = md5.New()
	default:
		h = sha256.New()
	}
	for _, part := range s.Over {
		text, err := expand(part, value)
		if err != nil {
			return "", err
		}
		h.Write([]byte(text))
	}
	sum := h.Sum(nil)
	switch s.As {
	case signBase64:
		return base64.StdEncoding.EncodeToString(sum), nil
	case signUpperHex:
		return strings.ToUpper(hex.EncodeToString(sum)), nil
	}
	return hex.EncodeToString(sum), nil
}
