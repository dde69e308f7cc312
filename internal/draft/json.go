package draft

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// node is a JSON value with its keys in the document's order.
type node struct {
	kind   byte // '{', '[', 's' for text, 'l' for a number, true, false and null
	keys   []string
	items  []*node
	text   string // for 's' finally a template
	parent string // the key that the value belongs to
}

// readJSON reads a body.
func readJSON(src string) (*node, error) {
	d := json.NewDecoder(strings.NewReader(src))
	d.UseNumber()
	n, err := readNode(d, 0)
	if err == nil {
		if _, more := d.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("something follows")
		}
	}
	if err != nil || n.kind != '{' {
		return nil, errors.New("the body is not a JSON object: write placeholders in quotes, and leave out comments and dots")
	}
	return n, nil
}

// maxDepth bounds the nesting of a body.
const maxDepth = 20

func readNode(d *json.Decoder, depth int) (*node, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	if depth > maxDepth {
		return nil, errors.New("nested too deeply")
	}
	switch t := token.(type) {
	case json.Delim:
		n := &node{kind: byte(t)}
		for d.More() {
			key := ""
			if t == '{' {
				name, err := d.Token()
				if err != nil {
					return nil, err
				}
				key, _ = name.(string)
				n.keys = append(n.keys, key)
			}
			item, err := readNode(d, depth+1)
			if err != nil {
				return nil, err
			}
			item.parent = key
			n.items = append(n.items, item)
		}
		_, err := d.Token() // the closing one
		return n, err
	case string:
		return &node{kind: 's', text: t}, nil
	case json.Number:
		return &node{kind: 'l', text: t.String()}, nil
	case bool:
		if t {
			return &node{kind: 'l', text: "true"}, nil
		}
		return &node{kind: 'l', text: "false"}, nil
	}
	return &node{kind: 'l', text: "null"}, nil
}

// templates turns the texts of a body into templates, and the numbers that
// belong to an account or a moment.
func (r *request) templates(n *node) {
	switch {
	case n.kind == 's':
		n.text = r.field(n.parent, n.text)
	case n.kind == 'l' && strings.Trim(n.text, "0123456789") == "":
		word := squashed(n.parent)
		if made := moment(n.text); made != "" && (strings.Contains(word, "time") || word == "ts") {
			n.kind, n.text = 's', made
		} else if namesAccount(n.parent) {
			n.kind = 's'
			n.text = r.add(variable{name: variableName(n.parent, "value"), label: label(n.parent), is: "number", value: n.text})
		}
	}
	for _, item := range n.items {
		if n.kind == '[' {
			item.parent = n.parent
		}
		r.templates(item)
	}
}
