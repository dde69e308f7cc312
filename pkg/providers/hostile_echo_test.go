package providers

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/hauth/hauth/pkg/auth"
)

// echoes are the ways in which an answer may repeat a secret.
func echoes(secret string) map[string]string {
	quoted, _ := json.Marshal(secret)
	inJSON := string(quoted[1 : len(quoted)-1])
	var plainJSON bytes.Buffer
	enc := json.NewEncoder(&plainJSON)
	enc.SetEscapeHTML(false)
	enc.Encode(secret)
	noHTML := strings.TrimSpace(plainJSON.String())
	noHTML = noHTML[1 : len(noHTML)-1]
	var ascii strings.Builder // as Python and PHP write JSON
	for _, r := range noHTML {
		if r < utf8.RuneSelf {
			ascii.WriteRune(r)
		} else {
			fmt.Fprintf(&ascii, `\u%04X`, r)
		}
	}
	every := ""
	for _, b := range []byte(secret) {
		every += fmt.Sprintf("%%%02x", b)
	}
	component := strings.NewReplacer("%21", "!", "%27", "'", "%28", "(", "%29", ")", "%2A", "*", "+", "%20").Replace(url.QueryEscape(secret))
	b64 := base64.StdEncoding.EncodeToString([]byte("public-id:" + secret))
	return map[string]string{
		"raw": secret, "JSON": inJSON, "JSON without HTML": noHTML, "JSON in ASCII": strings.ReplaceAll(ascii.String(), "/", `\/`),
		"Go": strings.Trim(strconv.QuoteToASCII(secret), `"`), "query": url.QueryEscape(secret), "path": url.PathEscape(secret), "encodeURIComponent": component,
		"lower-case query": lowerEscapes(url.QueryEscape(secret)), "every byte escaped": every, "HTML": html.EscapeString(secret),
		"HTML by number": strings.NewReplacer("&", "&#x26;", "<", "&#60;", "+", "&#43;", "=", "&#X3D;").Replace(secret),
		"base64":         base64.StdEncoding.EncodeToString([]byte(secret)), "base64url": base64.URLEncoding.EncodeToString([]byte(secret)), "Basic": b64,
		"base64 in a URL": url.QueryEscape(b64), "base64 in JSON": strings.ReplaceAll(b64, "/", `\/`),
		"lower case": strings.ToLower(secret), "upper case": strings.ToUpper(secret), "query, lower case": strings.ToLower(url.QueryEscape(secret)), "JSON, lower case": strings.ToLower(inJSON),
		"query, twice": url.QueryEscape(url.QueryEscape(secret)), "path, twice": url.PathEscape(url.PathEscape(secret)), "base64 in a URL, twice": url.QueryEscape(url.QueryEscape(b64)),
		"hex": hex.EncodeToString([]byte(secret)), "HEX": strings.ToUpper(hex.EncodeToString([]byte(secret))),
	}
}

// lowerEscapes writes %2B as %2b.
func lowerEscapes(s string) string {
	b := []byte(s)
	for i := range b {
		if b[i] == '%' {
			copy(b[i:i+3], bytes.ToLower(b[i:i+3]))
		}
	}
	return string(b)
}

// TestEchoes: a vendor that repeats the secret, or the token that it gives, in
// any common encoding and anywhere. JSON inside JSON, encodeURIComponent,
// lower-case %2b, HTML, and Go's own %q in net/http's errors once passed.
func TestEchoes(t *testing.T) {
	secret, token := `+3bZ/o%41:&<>"\=T31n2é'(9)*~`, `tok+/=&"<Q7*9kLmN2xV>`
	p := plain(t, asForm, "ok: {code: [\"0\"]}\nerror: {code: code, message: msg, trace: trace}\n"+secondsUse)
	for of, value := range map[string]string{"secret": secret, "token": token} {
		if of == "secret" {
			token = "another-token-entirely"
		} else {
			token = value
		}
		for name, echo := range echoes(value) {
			body, err := json.Marshal(map[string]string{"code": strings.Repeat("0", 50) + echo, "msg": "you sent " + echo + "!", "trace": echo, "token": token})
			if err != nil {
				t.Fatal(err)
			}
			for where, answer := range map[string]string{
				"200":      json200(string(body)),
				"500":      raw("HTTP/1.1 500 " + echo + "\n\n" + string(body)),
				"header":   raw("HTTP/1.1 200 OK\nServer: " + echo + "\nContent-Type: " + echo + "\nX-" + echo + ": 1\n\n" + string(body)),
				"Server":   raw("HTTP/1.1 400 X\nServer: " + echo + "\nContent-Type: " + echo + "\nDate: " + echo + "\nRetry-After: " + echo + "\n\n" + string(body)),
				"Location": raw("HTTP/1.1 302 X\nLocation: https://" + echo + "/" + echo + "\n\n"),
				"no HTTP":  echo + "\r\n\r\n",
				"status":   "HTTP/1.1 " + echo + "\r\n\r\n",
			} {
				if of == "token" && (where == "no HTTP" || where == "status" || where == "Location" || where == "header") {
					continue // no token has been given there
				}
				o := exchange(t, p, func(_ *Engine, c *auth.Credentials) { c.Vars["secret"] = auth.NewSecret(secret) }, answer)
				e, ok := auth.AsError(o.err)
				if !ok {
					t.Fatalf("%s in %s: no error", name, where)
				}
				for _, line := range append(o.trace, e.Error(), e.VendorCode, e.VendorMessage, e.TraceID, e.Subject) {
					for form, gives := range echoes(value) {
						if strings.Contains(line, gives) || len(gives) > 24 && strings.Contains(line, gives[4:20]) {
							t.Errorf("%s of the %s in %s: %s shows in %q", name, of, where, form, line)
						}
					}
				}
				if where == "200" && !strings.Contains(e.VendorMessage, "you sent "+auth.Redacted) && name != "Basic" && !strings.HasPrefix(name, "base64") {
					t.Errorf("%s of the %s: %q", name, of, e.VendorMessage)
				}
			}
		}
	}
}

// TestTokenOfTheFirstTry: a transient failure that holds a token, and a second
// answer whose message repeats it. Each answer was once judged by itself.
func TestTokenOfTheFirstTry(t *testing.T) {
	p := plain(t, asForm, "ok: {code: [\"0\"]}\nerror: {code: code, message: msg}\ncodes: {\"9\": transient}\n"+secondsUse)
	o := exchange(t, p, nil,
		json200(`{"code":9,"token":"the-token-of-the-first-try","msg":"x"}`),
		raw("HTTP/1.1 403 X\nServer: the-token-of-the-first-try\n\n"+`{"code":5,"msg":"the-token-of-the-first-try is still valid"}`))
	if e := wantKind(t, o, auth.Denied); e.VendorMessage != auth.Redacted+" is still valid" || len(o.vendor.requests) != 2 {
		t.Errorf("%q, %d requests", e.VendorMessage, len(o.vendor.requests))
	}
	for _, line := range o.trace {
		if strings.Contains(line, "first-try") {
			t.Error(line)
		}
	}
}

// TestTokenInTheTrace: a good answer that repeats its token in a header which
// --debug shows. The headers were once traced before the body had been read.
func TestTokenInTheTrace(t *testing.T) {
	o := exchange(t, plain(t, asForm, secondsUse), nil,
		raw("HTTP/1.1 200 OK\nServer: the-token-itself\nContent-Type: the-token-itself\n\n"+`{"token":"the-token-itself","ttl":3600}`))
	wantToken(t, o, "the-token-itself", time.Hour)
	if trace := strings.Join(o.trace, "\n"); strings.Contains(trace, "itself") || !strings.Contains(trace, "< Server: "+auth.Redacted) {
		t.Error(trace)
	}
}

// TestStoredToken: a vendor that names the token which it gave before. It was
// redacted by refresh and shown by login, in redirects and in --debug.
func TestStoredToken(t *testing.T) {
	const stored = "Stored-Token-7*9kLmN2xV"
	p := plain(t, asForm, "ok: {code: [\"0\"]}\nerror: {code: code, message: msg, trace: trace}\n"+secondsUse)
	for form, echo := range echoes(stored) {
		for where, answer := range map[string]string{
			"message":  json200(`{"code":7,"msg":"` + strings.ReplaceAll(strings.ReplaceAll(echo, `\`, `\\`), `"`, `\"`) + ` is still valid"}`),
			"redirect": raw("HTTP/1.1 302 X\nLocation: https://" + echo + ".example/" + echo + "\n\n"),
			"type":     raw("HTTP/1.1 400 X\nContent-Type: " + echo + "\nRetry-After: " + echo + "\nServer: " + echo + "\n\n<x>"),
			"keys":     json200(`{"code":0,"data":{"` + strings.ReplaceAll(strings.ReplaceAll(echo, `\`, `\\`), `"`, `\"`) + `":1}}`),
		} {
			o := exchange(t, p, func(e *Engine, _ *auth.Credentials) { e.Hide = []auth.Secret{auth.NewSecret(stored)} }, answer)
			e, ok := auth.AsError(o.err)
			if !ok {
				t.Fatalf("%s in %s: no error", form, where)
			}
			for _, line := range append(o.trace, e.Error(), e.VendorMessage, e.Subject) {
				if strings.Contains(strings.ToLower(line), strings.ToLower(echo)) || strings.Contains(strings.ToLower(line), "kLmN2") {
					t.Errorf("%s in %s shows: %q", form, where, line)
				}
			}
		}
	}
}

// TestSecretAcrossAURL: a token with a "/" or a ":" in it, where a redirect's host
// and path meet. Its first part alone is not the token, and once showed as a host.
func TestSecretAcrossAURL(t *testing.T) {
	p := plain(t, asForm, secondsUse)
	for stored, part := range map[string]string{"First.part+/and-the-rest": "part", "First.part:8080/rest": "part", "user-part@First/rest": "first", "First.part?x=rest": "part"} {
		for _, echo := range []string{stored, strings.ToUpper(stored), strings.ToLower(stored)} {
			o := exchange(t, p, func(e *Engine, _ *auth.Credentials) { e.Hide = []auth.Secret{auth.NewSecret(stored)} },
				raw("HTTP/1.1 302 X\nLocation: https://"+echo+".example/\n\n"))
			if o.err == nil || strings.Contains(strings.ToLower(o.err.Error()), part) {
				t.Errorf("%s: %v", echo, o.err)
			}
		}
	}
}

// TestBrokenAnswersAreNotRepeated: a CGI that forgot the empty line had its
// token, which nobody knew yet, in the error and in the logs of a CI job.
func TestBrokenAnswersAreNotRepeated(t *testing.T) {
	const fresh = "fresh-token-of-the-vendor"
	p := plain(t, asForm, secondsUse)
	for name, answer := range map[string]string{
		"no empty line":    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{\"token\":\"" + fresh + "\"}\r\n\r\n",
		"no header at all": "{\"token\":\"" + fresh + "\"}\r\n\r\n",
		"odd status":       "HTTP/1.1 2" + fresh + " OK\r\n\r\n",
		"odd version":      "HTTP/" + fresh + " 200 OK\r\n\r\n",
		"odd length":       "HTTP/1.1 200 OK\r\nContent-Length: " + fresh + "\r\n\r\n",
		"two lengths":      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: " + fresh + "\r\n\r\n",
		"odd coding":       "HTTP/1.1 200 OK\r\nTransfer-Encoding: " + fresh + "\r\n\r\n",
		"odd header":       "HTTP/1.1 200 OK\r\n" + fresh + "\r\n\r\n",
		"space in a name":  "HTTP/1.1 200 OK\r\n" + fresh + " x: y\r\n\r\n",
		"a long line":      "HTTP/1.1 200 OK\r\nX: " + strings.Repeat(fresh, 1000) + "\x00\r\n\r\n",
		"continued":        "HTTP/1.1 200 OK\r\n  " + fresh + "\r\n\r\n",
		"broken chunk":     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + fresh + "\r\n",
	} {
		o := exchange(t, p, nil, answer)
		if o.err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		for _, line := range append(o.trace, o.err.Error()) {
			if strings.Contains(line, fresh) || strings.Contains(line, "fresh-tok") {
				t.Errorf("%s: %q", name, line)
			}
		}
	}
}

// TestWhatTransportsQuote: the second line, for releases of Go that quote
// less.
func TestWhatTransportsQuote(t *testing.T) {
	for err, want := range map[error]string{
		textproto.ProtocolError("malformed MIME header line: fresh-token"):                                        "malformed MIME header line",
		fmt.Errorf("transport connection broken: %w", textproto.ProtocolError("malformed MIME header: x: token")): "malformed MIME header",
		errors.New(`malformed HTTP response "fresh \"token\" and more" after that`):                               "malformed HTTP response",
		errors.New("odd: 'fresh' token"):                                  "odd",
		errors.New(`"fresh-token"`):                                       "",
		errors.New("dial tcp 192.0.2.1:443: connect: connection refused"): "dial tcp 192.0.2.1:443: connect: connection refused",
	} {
		if have := withoutContent(err); have != want {
			t.Errorf("%v: %q, want %q", err, have, want)
		}
	}
}

// TestNamesOfKeysAreBounded: a vendor chooses them.
func TestNamesOfKeysAreBounded(t *testing.T) {
	var body strings.Builder
	body.WriteString(`{"code":0`)
	for i := range 200 {
		fmt.Fprintf(&body, `,"%s%03d":1`, strings.Repeat("k", 300), i)
	}
	p := plain(t, asForm, secondsUse)
	e := wantKind(t, exchange(t, p, nil, json200(body.String()+"}")), auth.Vendor)
	if n := len([]rune(e.Error())); n > maxKeys*(maxKeyName+2)+100 || !strings.HasSuffix(e.Error(), " and 185 more") || strings.Contains(e.Error(), strings.Repeat("k", maxKeyName)) {
		t.Errorf("%d characters: %v", n, e)
	}
}
