package mockvendor

import (
	"errors"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strings"
)

// errWrongCredentials is the error for a request as documented whose id or
// secret is not the test one. The vendors do not say which.
var errWrongCredentials = errors.New("wrong credentials")

var errQuery = errors.New("no query is documented")

// checkHeader requires name exactly once and with this value.
func checkHeader(r *http.Request, name, value string) error {
	if values := r.Header.Values(name); len(values) != 1 || values[0] != value {
		return fmt.Errorf("header %s must be present once, and as documented", name)
	}
	return nil
}

// checkContentType requires a media type, with UTF-8 if a charset is named.
func checkContentType(r *http.Request, want string) error {
	values := r.Header.Values("Content-Type")
	if len(values) == 1 {
		kind, params, err := mime.ParseMediaType(values[0])
		charset, named := params["charset"]
		if err == nil && kind == want && (!named || strings.EqualFold(charset, "utf-8")) {
			return nil
		}
	}
	return errors.New("header Content-Type must be " + want)
}

// checkJSON requires a JSON body with these fields and no others, and no
// query.
func checkJSON(r *http.Request, body []byte, want map[string]string) error {
	if r.URL.RawQuery != "" {
		return errQuery
	}
	if err := checkContentType(r, "application/json"); err != nil {
		return err
	}
	fields, err := readFields(body, slices.Sorted(maps.Keys(want))...)
	if err != nil {
		return err
	}
	if !maps.Equal(fields, want) {
		return errWrongCredentials
	}
	return nil
}

// readFields reads a JSON object that has exactly these fields, each once,
// each a string. Its errors repeat nothing that the client sent, which may be
// a secret in the wrong place.
func readFields(body []byte, names ...string) (map[string]string, error) {
	tree, err := readJSON(body)
	if err != nil {
		return nil, err
	}
	object, ok := tree.(map[string]any)
	if !ok {
		return nil, errors.New("the body must be a JSON object")
	}
	for key := range object {
		if !slices.Contains(names, key) {
			return nil, errors.New("the body has a field that is not documented")
		}
	}
	fields := make(map[string]string, len(names))
	for _, name := range names {
		value, there := object[name]
		text, ok := value.(string)
		switch {
		case !there || text == "" && ok:
			return nil, fmt.Errorf("%s is missing", name)
		case !ok:
			return nil, fmt.Errorf("%s must be a string", name)
		}
		fields[name] = text
	}
	return fields, nil
}
