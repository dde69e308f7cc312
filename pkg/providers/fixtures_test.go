package providers

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// TestFixtures runs every built-in provider against every kind of answer. A
// provider without one of them fails.
func TestFixtures(t *testing.T) {
	for _, name := range builtinNames() {
		for _, kind := range []string{"ok", "denied", "throttled", "html-502", "empty", "truncated", "wrong-types"} {
			t.Run(name+"/"+kind, func(t *testing.T) {
				src, err := os.ReadFile(filepath.Join("testdata", name, kind+".txt"))
				if err != nil {
					t.Fatal(err)
				}
				want, response, _ := strings.Cut(string(src), "-- response --\n")
				o := exchange(t, find(t, name), nil, raw(response))
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
