package providers

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/hauth/hauth/pkg/auth"
)

// MaxFile bounds a provider file, in bytes.
const (
	MaxFile  = 64 << 10
	tooLarge = "larger than 64 KiB"
)

// Parse reads a provider file. Unknown fields, wrong types, duplicate keys and
// everything else that would make the Spec misbehave are an *auth.Error of
// kind Usage that wraps Problems, every one with its line.
func Parse(src []byte) (*Spec, error) {
	spec, problems := parse(src)
	if len(problems) > 0 {
		return nil, &auth.Error{Kind: auth.Usage, Fact: "the provider file is not valid", Err: problems}
	}
	return spec, nil
}

// parse decodes and lints. The Spec is whole only if there is no problem.
func parse(src []byte) (*Spec, Problems) {
	spec, d := decode(src)
	if d.root != nil {
		(&linter{Spec: spec, decoder: d}).run()
	}
	d.problems.sort()
	return spec, d.problems
}

// decode reads src as far as it is readable.
func decode(src []byte) (*Spec, *decoder) {
	d := &decoder{lines: map[string]int{}, broken: map[string]bool{}, bare: map[string]string{}}
	spec := &Spec{}
	if line, reason := rawProblem(src); reason != "" {
		d.fail(line, reason)
		return spec, d
	}
	dec := yaml.NewDecoder(bytes.NewReader(src))
	var doc yaml.Node
	if err := dec.Decode(&doc); err != nil {
		d.fail(syntaxProblem(src, err))
		return spec, d
	}
	if err := dec.Decode(new(yaml.Node)); err != io.EOF {
		d.fail(1, "a provider file contains one YAML document")
		return spec, d
	}
	root := doc.Content[0]
	if d.plain(root) && root.Kind != yaml.MappingNode {
		d.fail(root.Line, "a provider file is a mapping: name, vars, endpoint, …")
	}
	if len(d.problems) == 0 {
		d.root = root
		d.todos("", root)
		d.spec(root, spec)
		d.complete(spec)
	}
	return spec, d
}

// rawProblem finds what no provider file may hold, whatever it says.
func rawProblem(src []byte) (line int, reason string) {
	if len(src) > MaxFile {
		return 1, tooLarge
	}
	line = 1
	for i := 0; i < len(src); {
		r, size := utf8.DecodeRune(src[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			return line, "not UTF-8"
		case r == '\n':
			line++
		case unicode.IsControl(r) && r != '\t' && (r != '\r' || !bytes.HasPrefix(src[i:], []byte("\r\n"))):
			return line, "contains a control character"
		case r == '\u2028' || r == '\u2029':
			// To YAML they end a line, and with it a comment.
			return line, "contains a line break that editors do not show"
		case unicode.Is(unicode.Bidi_Control, r):
			return line, "contains a bidirectional control character"
		}
		i += size
	}
	return 0, ""
}

// syntaxProblem takes the line out of yaml's own text ("yaml: line 5: …"). A
// tab that indents is the likelier cause of whatever yaml says.
func syntaxProblem(src []byte, err error) (line int, reason string) {
	if errors.Is(err, io.EOF) {
		return 1, "the file is empty"
	}
	n := 0
	for text := range bytes.Lines(src) {
		n++
		if indent := text[:len(text)-len(bytes.TrimLeft(text, " \t"))]; bytes.ContainsRune(indent, '\t') {
			return n, "indented with a tab: YAML takes spaces only"
		}
	}
	reason = strings.TrimPrefix(err.Error(), "yaml: ")
	if rest, ok := strings.CutPrefix(reason, "line "); ok {
		number, after, _ := strings.Cut(rest, ":")
		if n, err := strconv.Atoi(number); err == nil && n > 0 {
			return n, "not YAML: " + auth.Printable(after)
		}
	}
	return 1, "not YAML: " + auth.Printable(reason)
}
