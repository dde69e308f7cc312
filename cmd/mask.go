package cmd

import (
	"bytes"
	"io"
)

// masked stands in a child's output where a token stood.
const masked = "[hauth:masked]"

// maskWriter copies what is written to it, with every form of a secret
// replaced by masked, however the writes are cut. What could begin a form is
// held back until more comes, or Close.
type maskWriter struct {
	to    io.Writer
	forms [][]byte  // none empty
	first [256]bool // the bytes with which a form begins
	held  []byte    // always a proper prefix of a form
}

func newMaskWriter(to io.Writer, forms ...string) *maskWriter {
	m := &maskWriter{to: to}
	for _, f := range forms {
		if f != "" {
			m.forms = append(m.forms, []byte(f))
			m.first[f[0]] = true
		}
	}
	return m
}

// Write never reports fewer bytes than p has unless the destination failed.
func (m *maskWriter) Write(p []byte) (int, error) {
	out, rest := m.mask(append(m.held, p...), false)
	m.held = append([]byte(nil), rest...)
	if err := m.pass(out); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Close lets go of what is held back: nothing more comes that could make a
// secret of it.
func (m *maskWriter) Close() error {
	out, _ := m.mask(m.held, true)
	m.held = nil
	return m.pass(out)
}

// Abandon masks what is held back: more may come that makes a secret of it,
// but not here.
func (m *maskWriter) Abandon() error {
	if len(m.held) == 0 {
		return nil
	}
	m.held = nil
	return m.pass([]byte(masked))
}

func (m *maskWriter) pass(out []byte) error {
	if len(out) == 0 {
		return nil
	}
	_, err := m.to.Write(out)
	return err
}

// mask replaces the forms in text. Unless text is all there will be, what
// could become a form, or a longer one, is the rest.
func (m *maskWriter) mask(text []byte, all bool) (out, rest []byte) {
	out = make([]byte, 0, len(text))
	for i := 0; i < len(text); {
		if !m.first[text[i]] {
			out = append(out, text[i])
			i++
			continue
		}
		longest, unfinished := m.formAt(text[i:])
		switch {
		case unfinished && !all:
			return out, text[i:]
		case longest > 0:
			out = append(out, masked...)
			i += longest
		default:
			out = append(out, text[i])
			i++
		}
	}
	return out, nil
}

// formAt is the length of the longest form that text begins with, or 0.
// Unfinished says that text is the beginning of a form, but not all of it.
func (m *maskWriter) formAt(text []byte) (longest int, unfinished bool) {
	for _, f := range m.forms {
		switch {
		case bytes.HasPrefix(text, f):
			longest = max(longest, len(f))
		case len(text) < len(f) && bytes.HasPrefix(f, text):
			unfinished = true
		}
	}
	return longest, unfinished
}
