//go:build linux

package keyring

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"

	"github.com/godbus/dbus/v5"
	"github.com/hauth/hauth/pkg/store"
)

// maxMessage is the largest D-Bus message, in bytes, that is read, so that
// another program's item cannot make hauth use more memory.
const maxMessage = 1 << 20

// readHandshake reads the bus's part of the handshake, once. The response to
// Hello, which is this connection's name, is not needed; a refusal shows as a
// closed connection.
func (c *busConn) readHandshake() error {
	if c.greeted {
		return nil
	}
	for range 3 { // DATA, OK, and one spare
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return socketError(err)
		}
		switch {
		case bytes.HasPrefix(line, []byte("OK ")):
			c.greeted = true
			c.heard()
			return nil
		case !bytes.HasPrefix(line, []byte("DATA")):
			return fmt.Errorf("%w: the session bus refused this user", store.ErrAbsent)
		}
	}
	return fmt.Errorf("%w: the session bus did not complete the handshake", store.ErrBroken)
}

// waitSignal returns the next signal.
func (c *busConn) waitSignal() (*dbus.Message, error) {
	for len(c.signals) == 0 {
		if _, err := c.next(); err != nil {
			return nil, err
		}
	}
	m := c.signals[0]
	c.signals = c.signals[1:]
	return m, nil
}

// next reads one message and queues signals.
func (c *busConn) next() (*dbus.Message, error) {
	head, err := c.in.Peek(16)
	if err != nil {
		return nil, socketError(err)
	}
	var order binary.ByteOrder = binary.LittleEndian
	if head[0] == 'B' {
		order = binary.BigEndian
	}
	body, fields := uint64(order.Uint32(head[4:])), uint64(order.Uint32(head[12:]))
	size := 16 + (fields+7)/8*8 + body
	if size > maxMessage {
		return nil, fmt.Errorf("%w: a message of %d bytes is too long", store.ErrBroken, size)
	}
	// Decoded from memory, a message with wrong lengths in it cannot make the
	// decoder read into the next one, or wait.
	raw := make([]byte, size)
	if _, err := io.ReadFull(c.in, raw); err != nil {
		return nil, socketError(err)
	}
	c.heard()
	m, err := dbus.DecodeMessage(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", store.ErrBroken, err)
	}
	if m.Type == dbus.TypeSignal {
		if c.signals = append(c.signals, m); len(c.signals) > 64 {
			c.signals = c.signals[1:]
		}
	}
	return m, nil
}

// socketError classifies an error of the socket: either the deadline has passed
// or the bus has closed the connection.
func socketError(err error) error {
	if isCut(err) || errors.Is(err, net.ErrClosed) { // closed when ctx ended
		return context.DeadlineExceeded
	}
	if errors.Is(err, bufio.ErrBufferFull) {
		return fmt.Errorf("%w: the session bus did not complete the handshake", store.ErrBroken)
	}
	return fmt.Errorf("%w: the session bus closed the connection: %w", store.ErrAbsent, err)
}
