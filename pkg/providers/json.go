package providers

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// Why a body is not strict JSON. None of them repeats the body.
var (
	errEmpty     = errors.New("the response is empty")
	errTruncated = errors.New("the response ends too early")
	errNotJSON   = errors.New("the response is not JSON")
	errDuplicate = errors.New("duplicate key in the JSON response")
	errDepth     = errors.New("the JSON response is nested too deeply")
	errTrailing  = errors.New("unexpected data after the JSON response")
	errMany      = errors.New("the JSON response has too many values")
)

// An answer holds a few values, a few levels deep. In memory a value takes
// some forty times its two bytes.
const (
	maxJSONDepth  = 64
	maxJSONValues = 10_000
)

// readJSON reads one JSON value as strictly as encoding/json does not: no key
// twice, nothing after the end, bounded depth and number of values. Keys keep
// their case; numbers are json.Number.
func readJSON(body []byte) (any, error) {
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	if len(bytes.TrimSpace(body)) == 0 {
		return nil, errEmpty
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	left := maxJSONValues
	v, err := readValue(dec, 0, &left)
	if err != nil {
		return nil, strict(err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, errTrailing
	}
	return v, nil
}

// strict replaces encoding/json's errors, which repeat parts of the body.
func strict(err error) error {
	switch {
	case errors.Is(err, errDuplicate), errors.Is(err, errDepth), errors.Is(err, errMany):
		return err
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errTruncated
	}
	return errNotJSON
}

func readValue(dec *json.Decoder, depth int, left *int) (any, error) {
	if depth > maxJSONDepth {
		return nil, errDepth
	}
	if *left--; *left < 0 {
		return nil, errMany
	}
	token, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		object := map[string]any{}
		for dec.More() {
			key, err := dec.Token()
			if err != nil {
				return nil, err
			}
			name := key.(string) // the decoder gives nothing else here
			if _, twice := object[name]; twice {
				return nil, errDuplicate
			}
			if object[name], err = readValue(dec, depth+1, left); err != nil {
				return nil, err
			}
		}
		_, err = dec.Token()
		return object, err
	case json.Delim('['):
		list := []any{}
		for dec.More() {
			item, err := readValue(dec, depth+1, left)
			if err != nil {
				return nil, err
			}
			list = append(list, item)
		}
		_, err = dec.Token()
		return list, err
	}
	return token, nil
}
