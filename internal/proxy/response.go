package proxy

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/hauth/hauth/internal/mask"
	"github.com/hauth/hauth/internal/text"
	"github.com/hauth/hauth/pkg/auth"
)

// modifyResponse turns a response of the API into one of the proxy.
func (r *route) modifyResponse(resp *http.Response) error {
	if resp.StatusCode < 100 {
		return &auth.Error{Kind: auth.Vendor, Fact: fmt.Sprintf("%s sent a response with status code %d", auth.Printable(resp.Request.URL.Host), resp.StatusCode)}
	}
	h := resp.Header
	_, switched := resp.Body.(io.Writer) // net/http's, if the headers are all there
	if resp.StatusCode == http.StatusSwitchingProtocols && !(switched && strings.EqualFold(h.Get("Upgrade"), resp.Request.Header.Get("Upgrade"))) {
		return &auth.Error{Kind: auth.Vendor, Fact: auth.Printable(resp.Request.URL.Host) + " switched to a protocol that was not asked for"}
	}
	for name := range h {
		if strings.HasPrefix(name, "Access-Control-") || strings.HasPrefix(name, "Hauth-") && name != "Hauth-Note" {
			delete(h, name)
		}
	}
	h.Del("Alt-Svc")
	h.Del("Strict-Transport-Security")
	for _, name := range []string{"Location", "Content-Location"} {
		if to := h.Get(name); to != "" {
			h.Set(name, r.toProxy(to, resp.Request))
		}
	}
	for i, value := range h["Link"] {
		h["Link"][i] = r.linksToProxy(value, resp.Request)
	}
	resp.Status = "" // its words could contain a token; the standard ones take their place
	set := r.masks.of(r.transport.Tokens())
	maskHeader(h, set)
	if resp.StatusCode == http.StatusSwitchingProtocols || resp.Body == nil || resp.Request.Method == http.MethodHead {
		return nil
	}
	body := resp.Body
	if isText(h) {
		switch {
		case resp.ContentLength == 0:
		case resp.ContentLength > 0 && resp.ContentLength <= maxWhole:
			return maskWhole(resp, set)
		default:
			// Its length is known only at its end.
			resp.ContentLength = -1
			h.Del("Content-Length")
			body = mask.NewReader(resp.Body, set)
		}
	}
	resp.Body = &trailing{ReadCloser: body, resp: resp, set: set}
	return nil
}

// maxWhole bounds the texts that are masked as a whole, so that their length
// is known.
const maxWhole = 64 << 10

func maskWhole(resp *http.Response, set *mask.Set) error {
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return &auth.Error{Kind: auth.Network, Fact: "connection to " + auth.Printable(resp.Request.URL.Host) + " lost while reading the response", Retryable: true}
	}
	resp.Body.Close()
	body = set.All(body)
	resp.Body = io.NopCloser(bytes.NewReader(body))
	resp.ContentLength = int64(len(body))
	resp.Header.Set("Content-Length", strconv.Itoa(len(body)))
	return nil
}

// textual are words in the names of media types other than text/… whose bodies
// are text.
var textual = [...]string{"json", "json5", "jsonl", "ndjson", "xml", "javascript", "ecmascript", "yaml", "toml", "sql", "graphql", "urlencoded"}

// isText reports whether a body is text that can be read without decoding. A
// type that is none says nothing.
func isText(h http.Header) bool {
	if text.Compressed(h) {
		return false
	}
	kind, name, ok := strings.Cut(text.MediaType(h), "/")
	if !ok || kind == "text" || kind == "message" || kind == "multipart" || kind == "*" {
		return true
	}
	for word := range strings.FieldsFuncSeq(name, func(r rune) bool { return r == '+' || r == '-' || r == '.' }) {
		if slices.Contains(textual[:], word) {
			return true
		}
	}
	return false
}

// trailing masks a body's trailer.
type trailing struct {
	io.ReadCloser
	resp *http.Response
	set  *mask.Set
}

func (t *trailing) Read(p []byte) (int, error) {
	n, err := t.ReadCloser.Read(p)
	if err == io.EOF {
		maskHeader(t.resp.Trailer, t.set)
	}
	return n, err
}

func maskHeader(h http.Header, set *mask.Set) {
	for _, values := range h {
		for i, value := range values {
			values[i] = set.String(value)
		}
	}
}

// masks keeps the forms of the tokens that responses may contain, since
// computing them takes longer than most responses.
type masks struct {
	mu     sync.Mutex
	tokens []auth.Secret
	set    *mask.Set
}

func (m *masks) of(tokens []auth.Secret) *mask.Set {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.set != nil && sameSecrets(m.tokens, tokens) {
		return m.set
	}
	var forms []string
	for _, token := range tokens {
		forms = append(forms, mask.Forms(token)...)
	}
	m.tokens, m.set = tokens, mask.NewSet(forms...)
	return m.set
}

func sameSecrets(a, b []auth.Secret) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
