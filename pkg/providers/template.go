package providers

import (
	"errors"
	"strings"
)

// A template is text in which {name} stands for a variable. There is no
// escape: a brace that begins no name is an error.

var errBrace = errors.New("a template knows {name} and nothing else")

// templateNames lists the variables that a template names, in order.
func templateNames(template string) ([]string, error) {
	var names []string
	_, err := expand(template, func(name string) (string, error) {
		names = append(names, name)
		return "", nil
	})
	return names, err
}

// expand replaces every {name} by what value returns for it.
func expand(template string, value values) (string, error) {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(template, "{")
		if strings.Contains(before, "}") {
			return "", errBrace
		}
		b.WriteString(before)
		if !found {
			return b.String(), nil
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed || !validVarName(name) {
			return "", errBrace
		}
		text, err := value(name)
		if err != nil {
			return "", err
		}
		b.WriteString(text)
		template = after
	}
}

// expandJSON expands the strings of a JSON value, however deep.
func expandJSON(v any, text func(template string) (string, error)) (any, error) {
	switch v := v.(type) {
	case string:
		return text(v)
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			x, err := expandJSON(item, text)
			if err != nil {
				return nil, err
			}
			list[i] = x
		}
		return list, nil
	case map[string]any:
		object := make(map[string]any, len(v))
		for key, item := range v {
			x, err := expandJSON(item, text)
			if err != nil {
				return nil, err
			}
			object[key] = x
		}
		return object, nil
	}
	return v, nil
}

// validVarName reports whether s matches ^[a-z][a-z0-9_]*$.
func validVarName(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z':
		case i > 0 && ('0' <= c && c <= '9' || c == '_'):
		default:
			return false
		}
	}
	return s != ""
}
