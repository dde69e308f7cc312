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
