package mockvendor

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// json compares a value with what the file has at a path: the same keys, the
// same numbers, and strings that match their templates.
func (m *match) json(want, got any, path string) error {
	place := "key " + path
	switch want := want.(type) {
	case map[string]any:
		object, ok := got.(map[string]any)
		if !ok {
			return fmt.Errorf("%s must be an object", place)
		}
		for key := range object {
			if _, known := want[key]; !known {
				return errors.New("a key is not in the file")
			}
		}
		for _, key := range slices.Sorted(maps.Keys(want)) {
			value, there := object[key]
			template, isText := want[key].(string)
			switch {
			case there:
			case isText && m.mayMiss(template):
				continue
			default:
				return fmt.Errorf("key %s is missing", joinPath(path, key))
			}
			if err := m.json(want[key], value, joinPath(path, key)); err != nil {
				return err
			}
		}
		return nil
	case []any:
		list, ok := got.([]any)
		if len(list) != len(want) { // as in objects, an item that names an optional variable may be left out
			want = slices.DeleteFunc(slices.Clone(want), func(item any) bool {
				template, isText := item.(string)
				return isText && m.mayMiss(template)
			})
		}
		if !ok || len(list) != len(want) {
			return fmt.Errorf("%s must be a list of %d", place, len(want))
		}
		for i := range want {
			if err := m.json(want[i], list[i], joinPath(path, strconv.Itoa(i))); err != nil {
				return err
			}
		}
		return nil
	case string:
		text, ok := got.(string)
		if m.isNumber(want, path) {
			var number json.Number
			number, ok = got.(json.Number)
			text = number.String()
		}
		if !ok || !m.text(want, text) {
			return m.wrong(place, want)
		}
		return nil
	}
	if a, b := encode(want), encode(got); a != b {
		return m.wrong(place, "")
	}
	return nil
}

// isNumber reports whether a template at a path of the body is sent as a number:
// it is nothing but the name of a number.
func (m *match) isNumber(template, path string) bool {
	names := namesIn(template)
	if len(names) != 1 || template != "{"+names[0]+"}" || slices.Contains(m.file.AsText, path) {
		return false
	}
	for _, v := range m.file.Vars {
		if v.Name == names[0] {
			return v.Is == "number"
		}
	}
	return names[0] == "now_s" || names[0] == "now_ms"
}

func joinPath(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
