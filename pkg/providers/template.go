package providers

import (
	"errors"
	"strconv"
	"strings"
)

// A template is text in which {name} stands for a variable. There is no
// escape: a brace that begins no name is an error.

var errBrace = errors.New("a template may contain {name}, and no other brace")

// errLeftOut is what values return for an optional variable without a value:
// whatever names it is left out of the request.
var errLeftOut = errors.New("left out")

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

// only returns the name where the template is one {name} and nothing else.
func only(template string) (name string, ok bool) {
	inner, opened := strings.CutPrefix(template, "{")
	inner, closed := strings.CutSuffix(inner, "}")
	if !opened || !closed {
		return "", false
	}
	return inner, validVarName(inner)
}

// expandJSON expands the strings of a JSON value, however deep. What text
// leaves out is left out of its object or list. path is the dotted key of v.
func expandJSON(v any, path string, text func(path, template string) (any, error)) (any, error) {
	switch v := v.(type) {
	case string:
		return text(path, v)
	case []any:
		list := make([]any, 0, len(v))
		for i, item := range v {
			x, err := expandJSON(item, join(path, strconv.Itoa(i)), text)
			if errors.Is(err, errLeftOut) {
				continue
			}
			if err != nil {
				return nil, err
			}
			list = append(list, x)
		}
		return list, nil
	case map[string]any:
		object := make(map[string]any, len(v))
		for key, item := range v {
			x, err := expandJSON(item, join(path, key), text)
			if errors.Is(err, errLeftOut) {
				continue
			}
			if err != nil {
				return nil, err
			}
			object[key] = x
		}
		return object, nil
	}
	return v, nil
}

// join is the dotted path of a key below another path.
func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
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
