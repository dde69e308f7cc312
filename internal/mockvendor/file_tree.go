package mockvendor

import (
	"strconv"
	"strings"
	"time"
)

// built is an answer in the making: values are put at paths.
type built struct {
	tree   any
	header map[string]string
	whole  string // the body, if it is a text alone
}

// put puts a value at a path. Nothing is put for a value that stands for
// absence.
func (b *built) put(path string, value any) {
	name, inHeader := strings.CutPrefix(path, "header:")
	switch {
	case value == "":
	case inHeader:
		b.header[name] = strings.Trim(encode(value), `"`)
	case path == ".":
		b.whole = strings.Trim(encode(value), `"`)
	default:
		b.tree = putAt(b.tree, strings.Split(path, "."), value)
	}
}

// putAt returns node with the value below it. Whatever is in the way, such
// as a text where an object is needed, is replaced.
func putAt(node any, path []string, value any) any {
	if len(path) == 0 {
		return value
	}
	if i, err := strconv.Atoi(path[0]); err == nil && i >= 0 && i < 100 {
		list, _ := node.([]any)
		for len(list) <= i {
			list = append(list, map[string]any{})
		}
		list[i] = putAt(list[i], path[1:], value)
		return list
	}
	object, ok := node.(map[string]any)
	if !ok {
		object = map[string]any{}
	}
	object[path[0]] = putAt(object[path[0]], path[1:], value)
	return object
}

func (b *built) answer(outcome string, status int, now time.Time) answer {
	a := jsonAnswer(outcome, status, now, b.tree)
	if b.whole != "" {
		a.body, a.header["Content-Type"] = []byte(b.whole), "text/plain"
	}
	for name, value := range b.header {
		a.header[name] = value
	}
	return a
}
