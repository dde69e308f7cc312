package cmd

import (
	"bytes"
	"io"

	"github.com/hauth/hauth/pkg/auth"
)

// masked stands in a child's output where a token stood.
const masked = "[hauth:masked]"

// maskWriter copies what is written to it, with every secret replaced by
// masked, however the writes are cut. What could begin a secret is held back
// until more comes, or Close.
type maskWriter struct {
	to      io.Writer
	secrets [][]byte // none empty
	held    []byte   // always a proper prefix of a secret
}

func newMaskWriter(to io.Writer, secrets []auth.Secret) *maskWriter {
	m := &maskWriter{to: to}
	for _, s := range secrets {
		if !s.IsEmpty() {
			m.secrets = append(m.secrets, []byte(s.Reveal()))
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

func (m *maskWriter) pass(out []byte) error {
	if len(out) == 0 {
		return nil
	}
	_, err := m.to.Write(out)
	return err
}

// mask replaces the secrets in text. Unless text is all there will be, what
// could become a secret, or a longer one, is the rest.
func (m *maskWriter) mask(text []byte, all bool) (out, rest []byte) {
	for i := 0; i < len(text); {
		if !all && m.mayBegin(text[i:]) {
			return out, text[i:]
		}
		if n := m.secretAt(text[i:]); n > 0 {
			out = append(out, masked...)
			i += n
			continue
		}
		out = append(out, text[i])
		i++
	}
	return out, nil
}

// secretAt is the length of the longest secret that text begins with, or 0.
func (m *maskWriter) secretAt(text []byte) int {
	longest := 0
	for _, s := range m.secrets {
		if bytes.HasPrefix(text, s) {
			longest = max(longest, len(s))
		}
	}
	return longest
}

// mayBegin reports that text is the beginning of a secret, but not all of it.
func (m *maskWriter) mayBegin(text []byte) bool {
	for _, s := range m.secrets {
		if len(text) < len(s) && bytes.HasPrefix(s, text) {
			return true
		}
	}
	return false
}
