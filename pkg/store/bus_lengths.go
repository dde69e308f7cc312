//go:build linux

package store

import (
	"encoding/binary"
	"strings"
)

// honestLengths reports whether every length inside a message stays inside it.
// godbus allocates whatever a length field claims, up to 4 GiB, before it looks
// for the bytes.
func honestLengths(message []byte, order binary.ByteOrder) bool {
	w := &wire{data: message, order: order, at: 12}
	end := 16 + w.number()
	signature := ""
	for w.at < end && !w.bad {
		w.align(8)
		field := w.octet()
		kind := w.text(w.octet())
		from := w.at
		if w.skip(kind, 0) != "" {
			return false
		}
		if field == 8 && kind == "g" && !w.bad { // the body's signature
			signature = string(message[from+1 : w.at-1])
		}
	}
	w.align(8)
	for signature != "" && !w.bad {
		signature = w.skip(signature, 0)
	}
	return !w.bad
}

// wire walks over the D-Bus wire format without keeping any of it.
type wire struct {
	data  []byte
	order binary.ByteOrder
	at    int
	bad   bool // a length led outside, or a signature is none
}

func (w *wire) advance(n int) []byte {
	if w.bad || n < 0 || n > len(w.data)-w.at {
		w.bad = true
		return nil
	}
	w.at += n
	return w.data[w.at-n : w.at]
}

func (w *wire) align(n int) { w.advance(-w.at & (n - 1)) }

func (w *wire) octet() int {
	if b := w.advance(1); b != nil {
		return int(b[0])
	}
	return 0
}

func (w *wire) number() int {
	w.align(4)
	if b := w.advance(4); b != nil {
		return int(w.order.Uint32(b))
	}
	return 0
}

// text is n bytes and the zero byte after them.
func (w *wire) text(n int) string {
	if b := w.advance(n + 1); b != nil {
		return string(b[:n])
	}
	return ""
}

// skip walks over one value of the first type in sig and returns the types
// after it.
func (w *wire) skip(sig string, depth int) string {
	if sig == "" || depth > 64 {
		w.bad = true
		return ""
	}
	switch sig[0] {
	case 'y':
		w.advance(1)
	case 'n', 'q':
		w.align(2)
		w.advance(2)
	case 'b', 'i', 'u', 'h':
		w.align(4)
		w.advance(4)
	case 'x', 't', 'd':
		w.align(8)
		w.advance(8)
	case 's', 'o':
		w.advance(w.number() + 1)
	case 'g':
		w.advance(w.octet() + 1)
	case 'v':
		if w.skip(w.text(w.octet()), depth+1) != "" {
			w.bad = true
		}
	case 'a':
		return w.skipArray(sig, depth)
	case '(', '{':
		w.align(8)
		for sig = sig[1:]; sig != "" && sig[0] != ')' && sig[0] != '}' && !w.bad; {
			sig = w.skip(sig, depth+1)
		}
		if sig == "" {
			w.bad = true
			return ""
		}
	default:
		w.bad = true
	}
	return sig[1:]
}

func (w *wire) skipArray(sig string, depth int) string {
	n := w.number()
	element, rest := splitType(sig[1:])
	if element == "" {
		w.bad = true
		return ""
	}
	if strings.ContainsRune("xtd({", rune(element[0])) {
		w.align(8)
	}
	if n > len(w.data)-w.at {
		w.bad = true
	}
	for end := w.at + n; w.at < end && !w.bad; {
		before := w.at
		w.skip(element, depth+1)
		w.bad = w.bad || w.at == before // an empty struct, which is no type
	}
	return rest
}

// splitType splits sig after its first complete type.
func splitType(sig string) (first, rest string) {
	open := 0
	for i, c := range []byte(sig) {
		switch c {
		case 'a':
			continue // belongs to what follows
		case '(', '{':
			open++
		case ')', '}':
			open--
		}
		if open <= 0 {
			return sig[:i+1], sig[i+1:]
		}
	}
	return "", ""
}
