package providers

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"github.com/hauth/hauth/pkg/auth"
)

// A path says where a value stands in an answer: keys and list indexes joined
// by dots, "." for the whole body, or header:NAME.

const (
	wholeBody    = "."
	headerPrefix = "header:"
)

func validPath(path string) bool {
	if path == wholeBody {
		return true
	}
	if name, ok := strings.CutPrefix(path, headerPrefix); ok {
		return validHeaderName(name)
	}
	for segment := range strings.SplitSeq(path, ".") {
		if segment == "" || segment == "$" || strings.HasSuffix(segment, "]") && strings.Contains(segment, "[") {
			return false
		}
	}
	return auth.Printable(path) == path // errors name it
}

// plainPath is a path of JSONPath's kind, written as this format has it:
// $.data[0].token is data.0.token. It is empty where that leads to no path.
func plainPath(path string) string {
	path = strings.TrimPrefix(strings.TrimPrefix(path, "$"), ".")
	path = strings.NewReplacer("[", ".", "]", "", `"`, "", "'", "").Replace(path)
	if path = strings.TrimPrefix(path, "."); !validPath(path) {
		return ""
	}
	return path
}

// presence is what a path finds.
type presence int

const (
	absent     presence = iota // nothing, or null
	scalar                     // text, a number, true or false
	structured                 // an object or a list, where a scalar belongs
)

// answer is a vendor's answer, read but not yet believed.
type answer struct {
	status int
	header http.Header
	body   []byte
	tree   any   // the JSON value; nil with err
	err    error // why the body is not strict JSON
}

// lookup returns the text of a scalar: a string's content, a number as it was
// sent, true or false.
func (a *answer) lookup(path string) (string, presence) {
	switch v := a.find(path).(type) {
	case nil:
		return "", absent
	case string:
		return v, scalar
	case json.Number:
		return v.String(), scalar
	case bool:
		return strconv.FormatBool(v), scalar
	}
	return "", structured
}

// text returns a string, for places where a number or a bool is a mistake.
func (a *answer) text(path string) (string, bool) {
	s, ok := a.find(path).(string)
	return s, ok
}

// find returns the value at path, nil where there is none.
func (a *answer) find(path string) any {
	if name, ok := strings.CutPrefix(path, headerPrefix); ok {
		if value := a.header.Get(name); value != "" {
			return value
		}
		return nil
	}
	if path == wholeBody {
		return a.whole()
	}
	node := a.tree
	for segment := range strings.SplitSeq(path, ".") {
		switch v := node.(type) {
		case map[string]any:
			node = v[segment]
		case []any:
			i, err := strconv.Atoi(segment)
			if err != nil || i < 0 || i >= len(v) {
				return nil
			}
			node = v[i]
		default:
			return nil
		}
	}
	return node
}

// whole is the body itself: a JSON string's content, or the text without the
// newline at its end. A page or an object is not a scalar.
func (a *answer) whole() any {
	if a.err == nil {
		if _, number := a.tree.(json.Number); !number {
			return a.tree
		}
	}
	text := strings.TrimSuffix(strings.TrimSuffix(string(a.body), "\n"), "\r")
	switch {
	case text == "":
		return nil
	case strings.ContainsAny(text[:1], `<{["`) || strings.EqualFold(a.mediaType(), "text/html"):
		return map[string]any(nil) // a page, or JSON cut short
	}
	return text
}

// first returns the first of the paths that finds a scalar with any text.
func (a *answer) first(paths []string) string {
	for _, path := range paths {
		if text, p := a.lookup(path); p == scalar && text != "" {
			return text
		}
	}
	return ""
}

// mediaType is the Content-Type without its parameters, as it was sent. It is
// compared without regard to case and shown as it is: a secret in it would not
// be recognised in other letters.
func (a *answer) mediaType() string {
	t, _, _ := strings.Cut(a.header.Get("Content-Type"), ";")
	return strings.TrimSpace(t)
}
