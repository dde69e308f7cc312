package mockvendor

import (
	"bufio"
	"context"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"io"
	"net/http"
	"strings"
)

// The opcodes of RFC 6455 that the echo tells apart.
const (
	opClose = 0x8
	opPing  = 0x9
	opPong  = 0xA
)

// maxFrame is the largest payload, in bytes, that the echo accepts.
const maxFrame = 1 << 20

// serveSocket is a WebSocket (RFC 6455) that sends each frame back. It is
// meant for tests: fragments are echoed as fragments, and if a client breaks
// the protocol the connection is closed without a message.
func serveSocket(w http.ResponseWriter, r *http.Request) {
	conn, both, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return // HTTP/2, which the mock does not speak
	}
	defer conn.Close()
	// A server that shuts down does not wait for hijacked connections.
	defer context.AfterFunc(r.Context(), func() { conn.Close() })()
	accept := sha1.Sum([]byte(r.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	both.WriteString("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
		base64.StdEncoding.EncodeToString(accept[:]) + "\r\n\r\n")
	for both.Flush() == nil {
		head, payload, err := readFrame(both.Reader)
		if err != nil {
			return
		}
		switch head & 0x0F {
		case opPong:
			continue
		case opPing:
			head = head&0xF0 | opPong
		}
		writeFrame(both.Writer, head, payload)
		if head&0x0F == opClose {
			both.Flush()
			return
		}
	}
}

// wantsSocket reports whether a request asks for a WebSocket.
func wantsSocket(r *http.Request) bool {
	return r.Method == http.MethodGet && strings.EqualFold(r.Header.Get("Upgrade"), "websocket") && r.Header.Get("Sec-WebSocket-Key") != ""
}

// readFrame reads a client's frame and unmasks it. head is the first byte:
// FIN and the opcode.
func readFrame(r *bufio.Reader) (head byte, payload []byte, err error) {
	var start [2]byte
	if _, err := io.ReadFull(r, start[:]); err != nil {
		return 0, nil, err
	}
	size := uint64(start[1] & 0x7F)
	switch size {
	case 126:
		var n uint16
		err = binary.Read(r, binary.BigEndian, &n)
		size = uint64(n)
	case 127:
		err = binary.Read(r, binary.BigEndian, &size)
	}
	if err != nil {
		return 0, nil, err
	}
	if start[1]&0x80 == 0 || size > maxFrame {
		return 0, nil, errors.New("not a frame of a client, or too large")
	}
	frame := make([]byte, 4+size)
	if _, err := io.ReadFull(r, frame); err != nil {
		return 0, nil, err
	}
	mask, payload := frame[:4], frame[4:]
	for i := range payload {
		payload[i] ^= mask[i%4]
	}
	return start[0], payload, nil
}

// writeFrame writes a frame as a server does, without a mask.
func writeFrame(w *bufio.Writer, head byte, payload []byte) {
	w.WriteByte(head)
	switch n := len(payload); {
	case n < 126:
		w.WriteByte(byte(n))
	case n < 1<<16:
		w.WriteByte(126)
		binary.Write(w, binary.BigEndian, uint16(n))
	default:
		w.WriteByte(127)
		binary.Write(w, binary.BigEndian, uint64(n))
	}
	w.Write(payload) // the next Flush reports an error
}
