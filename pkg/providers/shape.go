package providers

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/hauth/hauth/internal/text"
	"github.com/hauth/hauth/pkg/auth"
)

// What is told of an answer that no rule reads. It is names only: a value
// may be a secret that nobody knows yet.
const (
	maxKeys     = 16 // names
	maxKeyDepth = 3
	maxKeyName  = 40 // characters
)

// keys names what an answer has: "the response has code, data.accessToken".
func (a *answer) keys(secrets []auth.Secret) string {
	names, more := a.keyNames(secrets)
	switch {
	case len(names) == 0:
		return "the response has no keys"
	case more > 0:
		return fmt.Sprintf("the response has %s and %d more", strings.Join(names, ", "), more)
	}
	return "the response has " + strings.Join(names, ", ")
}

// kindAt is what stands at a path, for people; empty: nothing.
func (a *answer) kindAt(path string) string {
	switch v := a.find(path).(type) {
	case string:
		if v == "" {
			return "empty"
		}
		return "text"
	case json.Number:
		return "a number"
	case bool:
		return "true or false"
	case map[string]any:
		return "an object"
	case []any:
		return "a list"
	}
	return ""
}

// keyNames are the dotted names of the values in an answer, in order, and how
// many more there are. Names are a vendor's text, too.
func (a *answer) keyNames(secrets []auth.Secret) (names []string, more int) {
	var walk func(v any, path string, depth int)
	walk = func(v any, path string, depth int) {
		if object, ok := v.(map[string]any); ok && len(object) > 0 && depth < maxKeyDepth {
			for _, key := range sortedKeys(object) {
				walk(object[key], join(path, key), depth+1)
			}
			return
		}
		switch {
		case path == "":
		case len(names) == maxKeys:
			more++
		default:
			name := []rune(auth.Printable(path, secrets...))
			if len(name) > maxKeyName {
				name = append(name[:maxKeyName-1], '…')
			}
			names = append(names, string(name))
		}
	}
	walk(a.tree, "", 0)
	return names, more
}

// shapeOf shows the form of a value and nothing of its content: digits become
// 0 and letters a. It is empty where that would tell nothing.
func shapeOf(value string) string {
	const longest = 32 // bytes
	if value == "" || len(value) > longest {
		return ""
	}
	return strings.Map(func(r rune) rune {
		switch {
		case '0' <= r && r <= '9':
			return '0'
		case text.IsAlphanumeric(r):
			return 'a'
		case r < ' ' || r > '~':
			return '?'
		}
		return r
	}, value)
}
