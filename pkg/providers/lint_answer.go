package providers

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// maxEvery bounds limits.every.
const maxEvery = 24 * time.Hour

func (l *linter) answer() {
	for i, path := range l.Token {
		at := fmt.Sprintf("token.%d", i)
		switch {
		case path != JWTToken:
			l.path(at, path)
		case len(l.Token) > 1:
			l.problem(at, "token: {jwt} stands alone, because nothing is sent then")
		case l.JWT.Alg == "" && !l.has("jwt"):
			l.problem(at, "token: {jwt} needs a field jwt, which says how it is made")
		}
	}
	if l.has("token") && len(l.Token) == 0 && !l.broken["token"] {
		l.problem("token", "token is empty: name where it stands in the response")
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
		l.meaning(code, meaning)
	}
	if l.Limits.Every > maxEvery {
		l.problem("limits.every", "limits.every must be between 0 and 24h")
	}
}

func (l *linter) meaning(code, meaning string) {
	at := "codes." + code
	switch meaning {
	case CodeDenied, CodeRefused, CodeThrottled, CodeTransient:
	default:
		words := []string{CodeDenied, CodeRefused, CodeThrottled, CodeTransient}
		l.problem(at, "codes.%s must be denied, refused, throttled or transient%s", auth.Printable(code), didYouMean(meaning, words))
	}
	for _, texts := range l.OK {
		if slices.Contains(texts, code) {
			l.problem(at, "code %s stands under ok as well", auth.Printable(code))
		}
	}
}

func (l *linter) path(at, path string) {
	if validPath(path) {
		return
	}
	reason := fmt.Sprintf("%q is not a valid path: keys and list indexes joined by dots, \".\" or header:NAME", auth.Printable(path))
	if plain := plainPath(path); plain != "" {
		reason += "; write " + plain
	}
	l.problem(at, "%s", reason)
}

func (l *linter) expiries() {
	if l.has("expires") && len(l.Expires) == 0 {
		l.problem("expires", "expires is empty: name a field of the response, or {after: 24h} from the vendor's documents")
	}
	for i, x := range l.Expires {
		path := fmt.Sprintf("expires.%d", i)
		if l.has(path + ".after") {
			switch {
			case l.has(path+".at") || l.has(path+".as") || l.has(path+".zone"):
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
		case AsSeconds, AsMilliseconds, AsEpochS, AsEpochMS, AsRFC3339, AsDatetime:
			if x.At == "" {
				l.problem(path, "%s.at is missing", path)
			}
		default:
			words := []string{AsSeconds, AsMilliseconds, AsEpochS, AsEpochMS, AsRFC3339, AsDatetime, AsJWT}
			l.problem(path, "%s.as must be seconds, milliseconds, epoch_s, epoch_ms, rfc3339, datetime or jwt%s", path, didYouMean(x.As, words))
		}
		switch _, ok := parseZone(x.Zone); {
		case x.As == AsDatetime && !ok:
			l.problem(path, "%s.zone must say where the vendor's clock stands: Z or an offset such as \"+08:00\"", path)
		case x.As != AsDatetime && x.Zone != "":
			l.problem(path+".zone", "%s.zone is for datetime only", path)
		}
		if x.At != "" {
			l.path(path+".at", x.At)
		}
	}
}

func (l *linter) use() {
	u := &l.Use
	if !l.has("use") && len(u.Headers) == 0 || l.broken["use"] {
		return
	}
	l.headers("use.headers", u.Headers)
	tokens := 0
	for name, templates := range map[string]map[string]string{"headers": u.Headers, "query": u.Query, "form": u.Form} {
		for key, text := range templates {
			l.template("use."+name+"."+key, text, inUse)
			tokens += strings.Count(text, tokenTemplate)
		}
	}
	if tokens != 1 {
		l.problem("use", "use must contain {token} once, in headers, query or form; it contains it %d times", tokens)
	}
	if len(u.Query) > 0 && len(u.Form) > 0 {
		l.problem("use", "use takes query or form, not both")
	}
	if l.has("use.refused") && len(u.Refused) == 0 {
		l.problem("use.refused", "use.refused is empty: write refused: {code: [\"401\"]}")
	}
	if len(u.Refused) > 0 && len(l.Error.Code) == 0 && l.has("error") {
		l.problem("use.refused", "use.refused is read where error.code says, and error.code is missing")
	}
}
