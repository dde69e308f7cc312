package draft

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Errors of FromCurl about the text as a whole.
var (
	errNoCommand = errors.New("there is no curl command in it")
	errNoURL     = errors.New("the curl command has no URL")
)

// Options tells curl's options apart. Both functions give the option's long
// name, without the hyphens, and whether a value follows.
type Options struct {
	Long  func(name string) (long string, value, ok bool)
	Short func(letter byte) (long string, value, ok bool)
}

// pair is a name and its value, in the order of the command.
type pair struct{ name, value string }

// command is what a curl command asks for.
type command struct {
	method  string
	url     string
	headers []pair
	data    []string // pieces of the body, which & joins
	fields  []pair   // of a form, not escaped
	query   []string // pieces that go into the URL
	json    bool
	get     bool
	user    string // id:secret
	hasUser bool
	remarks []string // what a draft cannot express, one line each
}

func (c *command) remark(format string, args ...any) {
	c.remarks = append(c.remarks, fmt.Sprintf(format, args...))
}

// readCommand reads the words behind "curl".
func readCommand(words []string, options Options) (*command, error) {
	c := &command{}
	for len(words) > 0 {
		word := words[0]
		words = words[1:]
		var err error
		switch {
		case strings.HasPrefix(word, "--") && len(word) > 2:
			words, err = c.long(word, words, options)
		case strings.HasPrefix(word, "-") && len(word) > 1:
			words, err = c.short(word, words, options)
		case c.url == "":
			c.url = word
		default:
			c.remark("a second URL")
		}
		if err != nil {
			return nil, err
		}
	}
	if c.url == "" {
		return nil, errNoURL
	}
	return c, nil
}

func (c *command) long(word string, words []string, options Options) ([]string, error) {
	name, value, ok := options.Long(strings.TrimPrefix(word, "--"))
	switch {
	case !ok:
		return nil, fmt.Errorf("curl has no option %s", optionName(word))
	case !value:
		return words, c.option(name, "")
	case len(words) == 0:
		return nil, fmt.Errorf("the value of --%s is missing", name)
	}
	return words[1:], c.option(name, words[0])
}

// short reads letters that share a hyphen, and the value that may follow
// without a space.
func (c *command) short(word string, words []string, options Options) ([]string, error) {
	for i := 1; i < len(word); i++ {
		name, value, ok := options.Short(word[i])
		switch {
		case !ok:
			return nil, fmt.Errorf("curl has no option %s", optionName("-"+word[i:]))
		case !value:
			if err := c.option(name, ""); err != nil {
				return nil, err
			}
			continue
		case i+1 < len(word):
			return words, c.option(name, word[i+1:])
		case len(words) == 0:
			return nil, fmt.Errorf("the value of --%s is missing", name)
		}
		return words[1:], c.option(name, words[0])
	}
	return words, nil
}

// optionName is the part of a word that can be shown: the rest may be a
// value.
func optionName(word string) string {
	n := len(word) - len(strings.TrimLeft(word, "-"))
	for n < len(word) && (word[n] == '-' || 'a' <= word[n] && word[n] <= 'z' || '0' <= word[n] && word[n] <= '9') {
		n++
	}
	if strings.HasPrefix(word, "--") {
		return word[:n]
	}
	if len(word) > 1 && '!' <= word[1] && word[1] <= '~' {
		return word[:2]
	}
	return "-"
}

// option reads the options that describe the request. Those about the
// connection, the output or curl itself do not concern the vendor and are
// skipped.
func (c *command) option(name, value string) error {
	switch name {
	case "request":
		c.method = strings.ToUpper(value)
	case "url":
		c.url = value
	case "header":
		return c.header(value)
	case "user-agent":
		c.headers = append(c.headers, pair{"User-Agent", value})
	case "referer":
		c.headers = append(c.headers, pair{"Referer", value})
	case "user":
		c.user, c.hasUser = value, true
	case "oauth2-bearer":
		c.headers = append(c.headers, pair{"Authorization", "Bearer " + value})
	case "get":
		c.get = true
	case "url-query":
		c.query = append(c.query, value)
	case "json", "data", "data-ascii", "data-binary", "data-raw":
		c.json = c.json || name == "json"
		if strings.HasPrefix(value, "@") && name != "data-raw" {
			return fmt.Errorf("the body of --%s is in another file: write it in the place of @…", name)
		}
		c.data = append(c.data, value)
	case "data-urlencode":
		field, text, named := strings.Cut(value, "=")
		if !named || strings.Contains(field, "@") {
			return fmt.Errorf("--%s without NAME=VALUE is not supported", name)
		}
		c.fields = append(c.fields, pair{field, text})
	case "form", "form-string":
		field, text, named := strings.Cut(value, "=")
		if !named || name == "form" && (strings.HasPrefix(text, "@") || strings.HasPrefix(text, "<")) {
			return fmt.Errorf("--%s with a file is not supported", name)
		}
		if len(c.fields) == 0 {
			c.remark("--%s sends multipart/form-data; the draft sends the same fields as an ordinary form: see whether the vendor accepts it", name)
		}
		c.fields = append(c.fields, pair{field, text})
	case "cookie", "cert", "key", "digest", "ntlm", "negotiate", "aws-sigv4", "upload-file", "config", "netrc", "netrc-file", "proxy-user":
		c.remark("--%s is left out: provider files have no field for it", name)
	case "next":
		return errors.New("a second request (--next) is not supported")
	}
	return nil
}

func (c *command) header(text string) error {
	name, value, ok := strings.Cut(text, ":")
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	if strings.HasPrefix(text, "@") || name == "" {
		return errors.New("a header without a name is not supported")
	}
	if !ok || value == "" {
		return nil // removes curl's own header, or with ";" sends it empty
	}
	switch strings.ToLower(name) {
	case "cookie":
		c.remark("header %s is left out: provider files have no field for it", name)
	case "host", "content-length", "connection", "accept-encoding", "expect", "transfer-encoding", "te", "keep-alive":
	case "accept":
		if value != "*/*" && value != "application/json" {
			c.headers = append(c.headers, pair{name, value})
		}
	case "authorization":
		return c.authorization(value)
	default:
		c.headers = append(c.headers, pair{name, value})
	}
	return nil
}

// authorization recognises HTTP Basic, whose parts may be encoded in a
// document or not.
func (c *command) authorization(value string) error {
	scheme, rest, _ := strings.Cut(value, " ")
	if !strings.EqualFold(scheme, "basic") {
		c.headers = append(c.headers, pair{"Authorization", value})
		return nil
	}
	c.user, c.hasUser = "{client_id}:{client_secret}", true
	if plain, err := base64.StdEncoding.DecodeString(strings.TrimSpace(rest)); err == nil && strings.Contains(string(plain), ":") && isText(string(plain)) {
		c.user = string(plain)
	}
	return nil
}

// body finds out how the data is sent: as a JSON object or as form fields.
func (c *command) body() (object string, fields []pair, err error) {
	data := strings.TrimSpace(strings.Join(c.data, "&"))
	if c.json && len(c.data) > 1 {
		data = strings.TrimSpace(strings.Join(c.data, "")) // as curl joins them
	}
	kind := c.contentType()
	switch {
	case data == "":
		return "", c.fields, nil
	case c.json, strings.Contains(kind, "json"), strings.HasPrefix(data, "{"):
		return data, nil, nil
	}
	for part := range strings.SplitSeq(data, "&") {
		name, value, ok := strings.Cut(strings.TrimSpace(part), "=")
		if !ok || name == "" {
			return "", nil, errors.New("the body is neither JSON nor a form")
		}
		fields = append(fields, pair{unescape(name), unescape(value)})
	}
	return "", append(fields, c.fields...), nil
}

func (c *command) contentType() string {
	i := slices.IndexFunc(c.headers, func(h pair) bool { return strings.EqualFold(h.name, "Content-Type") })
	if i < 0 {
		return ""
	}
	return strings.ToLower(c.headers[i].value)
}

// unescape decodes a part of a form or a query. What is not an escape stays
// as it is.
func unescape(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil && isText(plain) {
		return plain
	}
	return s
}
