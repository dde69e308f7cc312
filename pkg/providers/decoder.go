package providers

import (
	"fmt"

	"go.yaml.in/yaml/v3"

	"github.com/hauth/hauth/internal/text"
	"github.com/hauth/hauth/pkg/auth"
)

// decoder walks a YAML tree by hand, because yaml's own decoder stops at the
// first duplicate key, guesses types and names Go types in its errors.
type decoder struct {
	root     *yaml.Node
	problems Problems
	lines    map[string]int    // dotted path of everything that was there to its line
	broken   map[string]bool   // paths of fields that could not be read whole; what follows from that is not reported
	bare     map[string]string // paths of JSON values that are {name} without quotes, to the name
	oauth2   string            // the preset that the file names

	unfinished bool // something is still to be filled in
}

func (d *decoder) fail(line int, reason string) {
	d.problems = append(d.problems, Problem{Line: line, Reason: reason})
}

// at is the line of a path, or of the nearest parent that is there.
func (d *decoder) at(path string) int {
	for p := path; p != ""; p = parent(p) {
		if line, ok := d.lines[p]; ok {
			return line
		}
	}
	return 1
}

func parent(path string) string {
	for i := len(path) - 1; i > 0; i-- {
		if path[i] == '.' {
			return path[:i]
		}
	}
	return ""
}

func (d *decoder) has(path string) bool { _, ok := d.lines[path]; return ok }

// maxYAMLDepth bounds nesting; the format itself needs four levels, a request
// body a few more.
const maxYAMLDepth = 32

// plain refuses the parts of YAML that hide what a file says: anchors,
// aliases, merge keys, explicit tags and endless nesting.
func (d *decoder) plain(n *yaml.Node) bool { return d.plainAt(n, 0) }

func (d *decoder) plainAt(n *yaml.Node, depth int) bool {
	switch {
	case n.Kind == yaml.AliasNode || n.Anchor != "" || n.Tag == "!!merge":
		d.fail(n.Line, "anchors, aliases and merge keys are not part of the format")
		return false
	case n.Style&yaml.TaggedStyle != 0:
		d.fail(n.Line, "tags are not part of the format")
		return false
	case depth > maxYAMLDepth:
		d.fail(n.Line, "nested too deeply")
		return false
	}
	for _, child := range n.Content {
		if !d.plainAt(child, depth+1) {
			return false
		}
	}
	return true
}

// fields calls the function of each key of a mapping. A key without a function
// is unknown.
func (d *decoder) fields(path string, n *yaml.Node, known map[string]reader) {
	d.each(path, n, func(key string, path string, n *yaml.Node) {
		read, ok := known[key]
		if !ok {
			d.fail(d.lines[path], fmt.Sprintf("unknown field %q%s", auth.Printable(key), didYouMean(key, sortedKeys(known))))
			return
		}
		before := len(d.problems)
		read(path, n)
		if len(d.problems) > before {
			d.broken[path] = true
		}
	})
}

// each visits the entries of a mapping, whose keys are any scalar.
func (d *decoder) each(path string, n *yaml.Node, visit func(key, path string, n *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		d.wrong(path, n, "a mapping")
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		switch {
		case key.Kind != yaml.ScalarNode || key.Tag == "!!null":
			d.fail(key.Line, "a key must be text")
			continue
		case seen[key.Value]:
			d.fail(key.Line, fmt.Sprintf("duplicate key %q", auth.Printable(key.Value)))
			continue
		}
		seen[key.Value] = true
		at := key.Value
		if path != "" {
			at = path + "." + key.Value
		}
		d.lines[at] = key.Line
		visit(key.Value, at, value)
	}
}

func (d *decoder) wrong(path string, n *yaml.Node, want string) {
	if path == "" {
		path = "the file"
	}
	reason := fmt.Sprintf("%s must be %s, not %s", auth.Printable(path), want, kindOf(n))
	if name, ok := bareName(n); ok {
		reason += unquotedTemplate(name)
	}
	d.fail(n.Line, reason)
}

// unquotedTemplate says what to write for {name} without quotes.
func unquotedTemplate(name string) string {
	return fmt.Sprintf(`: write "{%s}", in quotes`, name)
}

// didYouMean names the known one that a name is likely a slip for.
func didYouMean(name string, known []string) string {
	if near := text.Nearest(name, known); len(near) > 0 {
		return fmt.Sprintf(" (did you mean %q?)", near[0])
	}
	return ""
}

func kindOf(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.Tag == "!!null":
		return "nothing"
	case n.Tag == "!!bool":
		return "true or false"
	case n.Tag == "!!int", n.Tag == "!!float":
		return "a number"
	case n.Tag == "!!timestamp":
		return "a date"
	}
	return "text"
}
