package mask_test

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/hauth/hauth/internal/mask"
	"github.com/hauth/hauth/pkg/auth"
)

// TestWrapped: of a token in base64 that is broken into lines nothing is left
// but the characters at its ends that depend on what is beside it.
func TestWrapped(t *testing.T) {
	for _, length := range []int{30, 60, 200} {
		token := strings.Repeat("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.", 10)[:length]
		set := mask.NewSet(append(mask.Forms(auth.NewSecret(token)), mask.Wrapped(auth.NewSecret(token))...)...)
		for before := range 130 {
			encoded := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("#", before) + token + "#"))
			for _, width := range []int{76, 64} {
				for _, end := range []string{"\n", "\r\n"} {
					var lines, out bytes.Buffer
					for at := 0; at < len(encoded); at += width {
						lines.WriteString(encoded[at:min(at+width, len(encoded))] + end)
					}
					w := mask.NewWriter(&out, set)
					for _, b := range lines.Bytes() {
						w.Write([]byte{b})
					}
					w.Close()
					first, rest, found := strings.Cut(out.String(), mask.Masked)
					if left := strings.NewReplacer("\r", "", "\n", "").Replace(first); !found || len(left) > (before*8+5)/6 || len(strings.TrimSpace(rest)) > 4 {
						t.Fatalf("a token of %d after %d, lines of %d: %q", length, before, width, out.String())
					}
				}
			}
		}
	}
	if forms := mask.Wrapped(auth.NewSecret("short")); len(forms) > 20 {
		t.Errorf("%d forms", len(forms))
	}
	if forms := mask.Wrapped(auth.Secret{}); len(forms) > 0 {
		t.Errorf("%q", forms)
	}
}
