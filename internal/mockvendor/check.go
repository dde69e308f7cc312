package mockvendor

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"
)

// errWrongCredentials is a request as documented with an id or a secret that
// is not the test one. The vendors do not tell which.
var errWrongCredentials = errors.New("wrong credentials")

// checkHeader wants name exactly once and with this value.
func checkHeader(r *http.Request, name, value string) error {
	if values := r.Header.Values(name); len(values) != 1 || values[0] != value {
		return fmt.Errorf("header %s must be there once, and as documented", name)
	}
	return nil
}

// checkContentType wants application/json, in UTF-8 if a charset is named.
func checkContentType(r *http.Request) error {
	values := r.Header.Values("Content-Type")
	if len(values) == 1 {
		kind, params, err := mime.ParseMediaType(values[0])
		charset, named := params["charset"]
		if err == nil && kind == "application/json" && (!named || strings.EqualFold(charset, "utf-8")) {
			return nil
		}
	}
	return errors.New("header Content-Type must be application/json")
}

// checkJSON wants a JSON body that holds the id and the secret under these
// names.
func (v *vendor) checkJSON(r *http.Request, body []byte, id, secret string) error {
	if err := checkContentType(r); err != nil {
		return err
	}
	fields, err := readFields(body, id, secret)
	if err != nil {
		return err
	}
	if fields[id] != v.id || fields[secret] != v.secret {
		return errWrongCredentials
	}
	return nil
}

// readFields reads a JSON object that has exactly these fields, each once,
// each a string. Its errors repeat nothing that the client sent, which may be
// a secret in the wrong place.
func readFields(body []byte, names ...string) (map[string]string, error) {
	if !json.Valid(body) || !utf8.Valid(body) {
		return nil, errors.New("the body is not JSON")
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil, errors.New("the body must be a JSON object")
	}
	fields := make(map[string]string, len(names))
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, errors.New("the body is not JSON")
		}
		name, known := "", false
		for _, name = range names {
			if known = key == name; known {
				break
			}
		}
		if !known {
			return nil, errors.New("the body has a field that is not documented")
		}
		if _, twice := fields[name]; twice {
			return nil, fmt.Errorf("%s is there twice", name)
		}
		value, err := dec.Token()
		text, ok := value.(string)
		if err != nil || !ok {
			return nil, fmt.Errorf("%s must be a string", name)
		}
		fields[name] = text
	}
	for _, name := range names {
		if fields[name] == "" {
			return nil, fmt.Errorf("%s is missing", name)
		}
	}
	return fields, nil
}
