package providers

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// TestFixtures runs every built-in provider against the answers in testdata.
// One that sends a request has its own good answer and its own refusal.
func TestFixtures(t *testing.T) {
	for _, name := range builtinNames() {
		p := find(t, name)
		files, err := filepath.Glob(filepath.Join("testdata", name, "*.txt"))
		if err != nil {
			t.Fatal(err)
		}
		for _, kind := range []string{"ok", "denied"} {
			if file := filepath.Join("testdata", name, kind+".txt"); !p.SignsLocally() && !slices.Contains(files, file) {
				t.Errorf("%s is missing", file)
			}
		}
		for _, file := range files {
			t.Run(name+"/"+strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
				want, response := fixture(t, file)
				o := exchange(t, p, nil, raw(response))
				if have := o.describe(want); have != want {
					t.Errorf("have:\n%s\nwant:\n%s\nerror: %v", have, want, o.err)
				}
				for _, line := range append(o.trace, o.errorText()) {
					if strings.Contains(line, nastySecret) || o.err == nil && strings.Contains(line, o.token.Value.Reveal()) {
						t.Errorf("a secret shows: %s", line)
					}
				}
			})
		}
	}
}

// fixture is what an exchange comes to, and the answer that it gets.
func fixture(t *testing.T, file string) (want, response string) {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want, response, _ = strings.Cut(string(src), "-- response --\n")
	return want, response
}

// TestAnswersThatNoVendorMeans: what any vendor may send by mistake comes to
// a failure of the vendor's, with every built-in provider. The good answer is
// the vendor's own.
func TestAnswersThatNoVendorMeans(t *testing.T) {
	const page = "\n\n<html><head><title>Sorry</title></head></html>"
	for _, name := range builtinNames() {
		p := find(t, name)
		if p.SignsLocally() {
			continue
		}
		_, ok := fixture(t, filepath.Join("testdata", name, "ok.txt"))
		head, body, _ := strings.Cut(strings.TrimSuffix(ok, "\n"), "\n\n")
		requests := 2
		if p.Limits.Rotates {
			requests = 1 // the first may have used up what rotates
		}
		for kind, test := range map[string]struct {
			answer   string
			kind     auth.Kind
			requests int
		}{
			"a page":       {raw("HTTP/1.1 502 Bad Gateway\nContent-Type: text/html" + page), auth.Vendor, requests},
			"a login page": {raw("HTTP/1.1 200 OK\nContent-Type: text/html" + page), auth.Vendor, 1},
			"throttled":    {raw("HTTP/1.1 429 Too Many Requests\nRetry-After: 30\nContent-Type: text/html" + page), auth.Throttled, 1},
			"nothing":      {json200(""), auth.Vendor, 1},
			"cut short":    {raw(head + "\n\n" + body[:len(body)/2]), auth.Vendor, 1},
			"wrong types":  {raw(head + "\n\n" + wrongTypes(t, body)), auth.Vendor, 1},
			"a list":       {json200(`[]`), auth.Vendor, 1},
			"null":         {json200(`null`), auth.Vendor, 1},
		} {
			o := exchange(t, p, nil, test.answer)
			e, _ := auth.AsError(o.err)
			if e == nil || e.Kind != test.kind || len(o.vendor.requests) != test.requests || e.Kind == auth.Throttled && e.RetryAfter != 30*time.Second {
				t.Errorf("%s, %s: %d requests: %+v", name, kind, len(o.vendor.requests), o.err)
			}
		}
	}
}

// wrongTypes puts an object in the place of each value of a JSON text.
func wrongTypes(t *testing.T, body string) string {
	t.Helper()
	tree, err := readJSON([]byte(body))
	if err != nil {
		t.Fatal(err, body)
	}
	var change func(v any) any
	change = func(v any) any {
		object, ok := v.(map[string]any)
		if !ok {
			return map[string]any{"at": 1}
		}
		for key, value := range object {
			object[key] = change(value)
		}
		return object
	}
	changed, err := compactJSON(change(tree))
	if err != nil {
		t.Fatal(err)
	}
	return string(changed)
}

func (o outcome) errorText() string {
	if o.err == nil {
		return ""
	}
	return o.err.Error()
}

// describe writes an outcome as the fixtures do. The text of an error stands
// there only where the fixture has one.
func (o outcome) describe(want string) string {
	var b strings.Builder
	line := func(key, value string) {
		if value != "" {
			b.WriteString(key + ": " + value + "\n")
		}
	}
	if e, ok := auth.AsError(o.err); ok {
		line("error", e.Kind.Code())
		line("code", e.VendorCode)
		line("message", e.VendorMessage)
		line("trace", e.TraceID)
		if e.Retryable {
			line("retryable", "true")
		}
		if e.RetryAfter > 0 {
			line("retry_after", e.RetryAfter.String())
		}
		if strings.Contains(want, "text: ") {
			text, _, _ := strings.Cut(e.Error(), " (code ")
			line("text", text)
		}
	} else {
		line("token", o.token.Value.Reveal())
		line("type", o.token.Type)
		line("expires_at", o.token.ExpiresAt.Format(time.RFC3339))
		line("source", string(o.token.Source))
		line("notice", strings.Join(o.notices, "|"))
	}
	line("requests", strconv.Itoa(len(o.vendor.requests)))
	return b.String()
}
