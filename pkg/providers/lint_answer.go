package providers

import (
	"fmt"
	"strings"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// maxEvery bounds limits.every.
const maxEvery = 24 * time.Hour

func (l *linter) answer() {
	if l.has("token") {
		l.path("token", l.Token)
	}
	for path, texts := range l.OK {
		l.path("ok."+path, path)
		if len(texts) == 0 && !l.broken["ok"] {
			l.problem("ok."+path, "ok.%s accepts nothing", auth.Printable(path))
		}
	}
	for name, paths := range map[string][]string{"code": l.Error.Code, "message": l.Error.Message, "trace": l.Error.Trace} {
		for i, path := range paths {
			l.path(fmt.Sprintf("error.%s.%d", name, i), path)
		}
	}
	for code, meaning := range l.Codes {
		switch meaning {
		case CodeDenied, CodeThrottled, CodeTransient:
		default:
			l.problem("codes."+code, "codes.%s must be denied, throttled or transient", auth.Printable(code))
		}
		for _, texts := range l.OK {
			for _, text := range texts {
				if text == code {
					l.problem("codes."+code, "code %s stands under ok as well", auth.Printable(code))
				}
			}
		}
	}
	if l.Limits.Every > maxEvery {
		l.problem("limits.every", "limits.every must be between 0 and 24h")
	}
}

func (l *linter) path(at, path string) {
	if !validPath(path) {
		l.problem(at, "%q is no path: keys joined by dots, \".\" or header:NAME", auth.Printable(path))
	}
}

func (l *linter) expiries() {
	if l.has("expires") && len(l.Expires) == 0 {
		l.problem("expires", "expires is empty: name a field of the answer, or {after: 24h} from the vendor's documents")
	}
	for i, x := range l.Expires {
		path := fmt.Sprintf("expires.%d", i)
		if l.has(path + ".after") {
			switch {
			case l.has(path+".at") || l.has(path+".as"):
				l.problem(path, "%s takes after alone, or at and as", path)
			case x.After != unreadable && (x.After < MinLife || x.After > MaxLife):
				l.problem(path+".after", "%s.after must be between 30s and 400d", path)
			case i < len(l.Expires)-1:
				l.problem(path, "%s.after is always readable: what follows is never used", path)
			}
			continue
		}
		switch x.As {
		case AsJWT:
		case AsSeconds, AsMilliseconds, AsEpochS, AsEpochMS, AsRFC3339:
			if x.At == "" {
				l.problem(path, "%s.at is missing", path)
			}
		default:
			l.problem(path, "%s.as must be seconds, milliseconds, epoch_s, epoch_ms, rfc3339 or jwt", path)
		}
		if x.At != "" {
			l.path(path+".at", x.At)
		}
	}
}

func (l *linter) use() {
	if !l.has("use") {
		return
	}
	l.headers("use.headers", l.Use.Headers)
	tokens := 0
	for name, templates := range map[string]map[string]string{"headers": l.Use.Headers, "query": l.Use.Query, "form": l.Use.Form} {
		for key, text := range templates {
			path := "use." + name + "." + key
			names, err := templateNames(text)
			if err != nil {
				l.problem(path, "%s: %v", auth.Printable(path), err)
			}
			for _, n := range names {
				if n != "token" {
					l.problem(path, "%s: use knows {token} alone, not {%s}", auth.Printable(path), n)
				}
			}
			tokens += strings.Count(text, tokenTemplate)
		}
	}
	if tokens != 1 {
		l.problem("use", "use must hold {token} once, in headers, query or form; it holds it %d times", tokens)
	}
	if len(l.Use.Query) > 0 && len(l.Use.Form) > 0 {
		l.problem("use", "use takes query or form, not both")
	}
}
