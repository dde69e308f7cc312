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
// One that sends a request has its own good answer and its own refusal; the
// four that every release has had have all kinds.
func TestFixtures(t *testing.T) {
	for _, name := range builtinNames() {
		p := find(t, name)
		required := []string{"ok", "denied"}
		if (Catalogue{}).IsReserved(name) {
			required = []string{"ok", "denied", "throttled", "html-502", "empty", "truncated", "wrong-types"}
		}
		files, err := filepath.Glob(filepath.Join("testdata", name, "*.txt"))
		if err != nil {
			t.Fatal(err)
		}
		for _, kind := range required {
			if file := filepath.Join("testdata", name, kind+".txt"); !p.SignsLocally() && !slices.Contains(files, file) {
				t.Errorf("%s is missing", file)
			}
		}
		for _, file := range files {
			t.Run(name+"/"+strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
				src, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				want, response, _ := strings.Cut(string(src), "-- response --\n")
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

// TestAnswersThatNoVendorMeans: what any vendor may send by mistake comes to
// a failure of the vendor's, with every built-in provider.
func TestAnswersThatNoVendorMeans(t *testing.T) {
	for _, name := range builtinNames() {
		p := find(t, name)
		if p.SignsLocally() {
			continue
		}
		for kind, answer := range map[string]string{
			"a page":    raw("HTTP/1.1 502 Bad Gateway\nContent-Type: text/html\n\n<html><head><title>502</title></head></html>"),
			"nothing":   json200(""),
			"cut short": json200(`{"code":0,"data":{"acc`),
			"a list":    json200(`[]`),
			"null":      json200(`null`),
		} {
			if e, ok := auth.AsError(exchange(t, p, nil, answer).err); !ok || e.Kind != auth.Vendor && e.Kind != auth.Denied {
				t.Errorf("%s, %s: %v", name, kind, e)
			}
		}
	}
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
