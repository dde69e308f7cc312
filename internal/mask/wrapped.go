package mask

import (
	"encoding/base64"
	"strings"

	"github.com/hauth/hauth/internal/text"
	"github.com/hauth/hauth/pkg/auth"
)

// Wrapped lists the forms in which a token occurs in base64 that is broken
// into lines, as base64(1), openssl and MIME do, wherever in the lines it
// begins. They contain line breaks, which a CI runner's own masks cannot have.
func Wrapped(token auth.Secret) []string {
	var forms []string
	for _, width := range lineWidths {
		for lead := range width / 4 * 3 { // bytes before the token in its first line
			raw := append(make([]byte, lead), token.Reveal()...)
			from, to := (lead*8+5)/6, len(raw)*8/6 // what depends on the token alone
			if to <= width || to-from < minMaskedBase64 {
				continue
			}
			encoded := base64.RawStdEncoding.EncodeToString(raw)
			lines := []string{encoded[from:width]}
			for at := width; at < to; at += width {
				lines = append(lines, encoded[at:min(at+width, to)])
			}
			forms = append(forms, strings.Join(lines, "\n"), strings.Join(lines, "\r\n"))
		}
	}
	return text.Unique(forms)
}

// lineWidths are the lengths of lines, in characters: of base64(1) and MIME, and
// of openssl and PEM.
var lineWidths = [...]int{76, 64}
