package providers

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// text is a string proper.
func (d *decoder) text(to *string) reader {
	return func(path string, n *yaml.Node) {
		if n.Kind != yaml.ScalarNode || n.Tag != "!!str" {
			d.wrong(path, n, "text")
			return
		}
		*to = n.Value
	}
}

// scalar is a value whose text counts, as it is written: 200 and "200". Of
// true and false there is JSON's spelling only, whatever YAML allows.
func (d *decoder) scalar(path string, n *yaml.Node) (string, bool) {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		d.wrong(path, n, "text")
		return "", false
	}
	if n.Tag == "!!bool" {
		return strings.ToLower(n.Value), true
	}
	return n.Value, true
}

// one is a single scalar.
func (d *decoder) one(to *string) reader {
	return func(path string, n *yaml.Node) { *to, _ = d.scalar(path, n) }
}

func (d *decoder) flag(to *bool) reader {
	return func(path string, n *yaml.Node) {
		if n.Kind != yaml.ScalarNode || n.Tag != "!!bool" {
			d.wrong(path, n, "true or false")
			return
		}
		*to = strings.EqualFold(n.Value, "true")
	}
}

func (d *decoder) object(to *map[string]any) reader {
	return func(path string, n *yaml.Node) {
		object, ok := d.value(path, n).(map[string]any)
		if !ok {
			d.wrong(path, n, "a mapping")
		}
		*to = object
	}
}

// words is a list of texts proper, never one text that might be split.
func (d *decoder) words(to *[]string) reader {
	return d.items(func(path string, n *yaml.Node) {
		var word string
		d.text(&word)(path, n)
		*to = append(*to, word)
	})
}

func (d *decoder) texts(to *map[string]string) reader {
	return func(path string, n *yaml.Node) {
		m := map[string]string{}
		d.each(path, n, func(key, path string, n *yaml.Node) {
			if s, ok := d.scalar(path, n); ok {
				m[key] = s
			}
		})
		*to = m
	}
}

// lists is list as a field's reader.
func (d *decoder) lists(to *[]string) reader {
	return func(path string, n *yaml.Node) { *to = d.list(path, n) }
}

// list is one scalar or a list of them.
func (d *decoder) list(path string, n *yaml.Node) []string {
	items := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		items = n.Content
	}
	var list []string
	for i, item := range items {
		if s, ok := d.scalar(path, item); ok {
			d.lines[fmt.Sprintf("%s.%d", path, i)] = item.Line
			list = append(list, s)
		}
	}
	return list
}

// value is any JSON value.
func (d *decoder) value(path string, n *yaml.Node) any {
	switch {
	case n.Kind == yaml.MappingNode:
		if key, ok := bareName(n); ok {
			d.bare[path] = key
		}
		object := map[string]any{}
		d.each(path, n, func(key, path string, n *yaml.Node) { object[key] = d.value(path, n) })
		return object
	case n.Kind == yaml.SequenceNode:
		list := make([]any, len(n.Content))
		for i, item := range n.Content {
			at := path + "." + strconv.Itoa(i)
			d.lines[at] = item.Line
			list[i] = d.value(at, item)
		}
		return list
	case n.Tag == "!!null":
		return nil
	case n.Tag == "!!bool":
		return n.Value == "true" || n.Value == "True" || n.Value == "TRUE"
	case n.Tag == "!!int":
		var i int64
		if n.Decode(&i) != nil {
			d.wrong(path, n, "text or a number of at most 63 bits")
		}
		return i
	case n.Tag == "!!float":
		var f float64
		if n.Decode(&f) != nil || math.IsInf(f, 0) || math.IsNaN(f) {
			d.wrong(path, n, "text or a finite number")
			return nil
		}
		return f
	}
	return n.Value // text, and dates as they are written
}

// bareName recognises {name} without quotes, which YAML reads as a mapping
// with one key and nothing in it.
func bareName(n *yaml.Node) (name string, ok bool) {
	if n.Kind != yaml.MappingNode || n.Style&yaml.FlowStyle == 0 || len(n.Content) != 2 {
		return "", false
	}
	key, value := n.Content[0], n.Content[1]
	return key.Value, key.Kind == yaml.ScalarNode && value.Tag == "!!null" && value.Value == "" && validVarName(key.Value)
}
