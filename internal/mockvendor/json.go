package mockvendor

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"unicode/utf8"
)

var errNotJSON = errors.New("the body is not JSON")

// readJSON reads one JSON value strictly: no duplicate key, nothing after
// it. Numbers stay as they are written.
func readJSON(body []byte) (any, error) {
	if !utf8.Valid(body) {
		return nil, errNotJSON
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	tree, err := readValue(dec)
	if err != nil {
		return nil, err
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, errNotJSON
	}
	return tree, nil
}

func readValue(dec *json.Decoder) (any, error) {
	token, err := dec.Token()
	if err != nil {
		return nil, errNotJSON
	}
	var value any
	switch token {
	case json.Delim('{'):
		object := map[string]any{}
		for dec.More() {
			key, err := dec.Token()
			if err != nil {
				return nil, errNotJSON
			}
			if _, twice := object[key.(string)]; twice {
				return nil, errors.New("a key is there twice")
			}
			if object[key.(string)], err = readValue(dec); err != nil {
				return nil, err
			}
		}
		value = object
	case json.Delim('['):
		list := []any{}
		for dec.More() {
			item, err := readValue(dec)
			if err != nil {
				return nil, err
			}
			list = append(list, item)
		}
		value = list
	default:
		return token, nil
	}
	if _, err := dec.Token(); err != nil { // the closing bracket
		return nil, errNotJSON
	}
	return value, nil
}

// encode is a scalar as JSON; a number as it is written.
func encode(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(text)
}
