// Package mask replaces tokens in text that passes through hauth, in all the
// forms that reveal them and however the text is cut into pieces.
package mask

import (
	"bytes"
	"io"
)

// Masked stands where a token stood.
const Masked = "[hauth:masked]"

// Set is a set of texts to replace. It is immutable, and may be used by
// several goroutines.
type Set struct {
	byFirst [256]*group // by the first byte
}

// group holds the texts that begin with the same byte.
type group struct {
	forms  [][]byte
	second [256]bool // which bytes may come next
	alone  bool      // or any, since one of the texts has only one byte
}

// NewSet makes a Set of texts; empty ones are left out.
func NewSet(forms ...string) *Set {
	s := &Set{}
	for _, f := range forms {
		if f != "" {
			if s.byFirst[f[0]] == nil {
				s.byFirst[f[0]] = &group{}
			}
			s.byFirst[f[0]].add([]byte(f))
		}
	}
	return s
}

func (g *group) add(form []byte) {
	g.forms = append(g.forms, form)
	if len(form) == 1 {
		g.alone = true
	} else {
		g.second[form[1]] = true
	}
}

// String replaces the forms in a complete text.
func (s *Set) String(text string) string {
	for i := range len(text) {
		if s.byFirst[text[i]] != nil {
			out, _ := s.replace([]byte(text), true)
			return string(out)
		}
	}
	return text
}

// replace replaces the forms in text. Unless text is complete, what could
// become a form, or a longer one, is returned as the rest.
func (s *Set) replace(text []byte, all bool) (out, rest []byte) {
	from := 0 // not yet in out
	for i := 0; i < len(text); {
		g := s.byFirst[text[i]]
		if g == nil || i+1 < len(text) && !g.alone && !g.second[text[i+1]] {
			i++
			continue
		}
		longest, unfinished := formAt(g.forms, text[i:])
		switch {
		case unfinished && !all:
			return append(out, text[from:i]...), text[i:]
		case longest > 0:
			out = append(append(out, text[from:i]...), Masked...)
			i += longest
			from = i
		default:
			i++
		}
	}
	if from == 0 {
		return text, nil
	}
	return append(out, text[from:]...), nil
}

// formAt is the length of the longest form that text begins with, or 0.
// Unfinished says that text is an incomplete form.
func formAt(forms [][]byte, text []byte) (longest int, unfinished bool) {
	for _, f := range forms {
		switch {
		case len(f) > 1 && len(text) > 1 && f[1] != text[1]:
		case bytes.HasPrefix(text, f):
			longest = max(longest, len(f))
		case len(text) < len(f) && bytes.HasPrefix(f, text):
			unfinished = true
		}
	}
	return longest, unfinished
}

// Writer copies what is written to it, with every form in its Set replaced.
// What could begin a form is held back until more comes, or Close.
type Writer struct {
	to   io.Writer
	set  *Set
	held []byte // always a proper prefix of a form
}

// NewWriter makes a Writer that writes to to.
func NewWriter(to io.Writer, set *Set) *Writer { return &Writer{to: to, set: set} }

// Write never reports fewer bytes than p has unless the destination failed.
func (w *Writer) Write(p []byte) (int, error) {
	text := p
	if len(w.held) > 0 {
		text = append(w.held, p...)
	}
	out, rest := w.set.replace(text, false)
	w.held = append([]byte(nil), rest...)
	if err := w.pass(out); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Close writes what is held back: nothing follows that could complete a
// secret.
func (w *Writer) Close() error {
	out, _ := w.set.replace(w.held, true)
	w.held = nil
	return w.pass(out)
}

// Abandon masks what is held back: the rest of a secret may follow, but does
// not pass through here.
func (w *Writer) Abandon() error {
	if len(w.held) == 0 {
		return nil
	}
	w.held = nil
	return w.pass([]byte(Masked))
}

func (w *Writer) pass(out []byte) error {
	if len(out) == 0 {
		return nil
	}
	_, err := w.to.Write(out)
	return err
}

// Reader reads from src, with every form in its Set replaced.
type Reader struct {
	src    io.ReadCloser
	writer *Writer
	out    bytes.Buffer
	piece  []byte
	err    error // of src
}

// NewReader makes a Reader. Closing it closes src.
func NewReader(src io.ReadCloser, set *Set) *Reader {
	r := &Reader{src: src}
	r.writer = NewWriter(&r.out, set)
	return r
}

// Read implements io.Reader.
func (r *Reader) Read(p []byte) (int, error) {
	for r.out.Len() == 0 && r.err == nil {
		if r.piece == nil {
			r.piece = make([]byte, 4<<10)
		}
		var n int
		n, r.err = r.src.Read(r.piece)
		r.writer.Write(r.piece[:n]) // to memory
		switch {
		case r.err == io.EOF:
			r.writer.Close()
		case r.err != nil:
			r.writer.Abandon()
		}
		if n == len(r.piece) && n < maxPiece {
			r.piece = make([]byte, 2*n) // much arrives at once
		}
	}
	if r.out.Len() > 0 {
		return r.out.Read(p)
	}
	return 0, r.err
}

// maxPiece bounds what a Reader reads at once.
const maxPiece = 32 << 10

// Close implements io.Closer.
func (r *Reader) Close() error { return r.src.Close() }

// All replaces the forms in a complete text.
func (s *Set) All(text []byte) []byte {
	out, _ := s.replace(text, true)
	return out
}
