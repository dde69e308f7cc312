//go:build linux

package keyring

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"net"
	"strings"

	"github.com/godbus/dbus/v5"
	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/store"
)

// busConn is a connection to the session bus for one caller, which makes one
// call at a time. It has no goroutine: godbus only encodes and decodes the
// messages, so that whatever a hostile peer sends, only the call that reads
// it fails or panics. A godbus connection reads in a separate goroutine,
// whose panic would end the process.
type busConn struct {
	conn    net.Conn
	in      *bufio.Reader
	out     bytes.Buffer // written together with the next call
	serial  uint32
	greeted bool
	signals []*dbus.Message // not yet looked at
	stop    func() bool

	answered func() // is told of each message that arrives; nil: nobody is
}

// dialBus connects. The handshake, Hello and the first call are sent in one
// write, which saves three round trips. When ctx ends, so does every call.
func dialBus(ctx context.Context, at busAddress, answered func()) (*busConn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "unix", at.socket)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, at.absent("the session bus at " + auth.Printable(at.text) + " does not accept connections")
	}
	if deadline, ok := ctx.Deadline(); ok {
		conn.SetDeadline(deadline)
	}
	c := &busConn{conn: conn, in: bufio.NewReader(conn), answered: answered}
	c.stop = context.AfterFunc(ctx, func() { conn.Close() })
	// Without a user id in it the bus uses the one that the kernel reports,
	// which is right in a user namespace as well.
	c.out.WriteString("\x00AUTH EXTERNAL\r\nDATA\r\nBEGIN\r\n")
	if _, err := c.queue(&dbus.Message{
		Type: dbus.TypeMethodCall,
		Headers: map[dbus.HeaderField]dbus.Variant{
			dbus.FieldDestination: dbus.MakeVariant("org.freedesktop.DBus"),
			dbus.FieldPath:        dbus.MakeVariant(dbus.ObjectPath("/org/freedesktop/DBus")),
			dbus.FieldInterface:   dbus.MakeVariant("org.freedesktop.DBus"),
			dbus.FieldMember:      dbus.MakeVariant("Hello"),
		},
	}); err != nil {
		c.close()
		return nil, err
	}
	return c, nil
}

func (c *busConn) heard() {
	if c.answered != nil {
		c.answered()
	}
}

func (c *busConn) close() {
	c.stop()
	c.conn.Close()
}

// queue encodes m into out and returns its serial.
func (c *busConn) queue(m *dbus.Message) (uint32, error) {
	c.serial++
	start := c.out.Len()
	if err := m.EncodeTo(&c.out, binary.LittleEndian); err != nil {
		return 0, fmt.Errorf("%w: %w", store.ErrBroken, err)
	}
	// godbus numbers messages only in its own connections. In the wire format
	// the serial number is at offset 8.
	binary.LittleEndian.PutUint32(c.out.Bytes()[start+8:], c.serial)
	return c.serial, nil
}

// call calls a method, "interface.member", and stores the response's values in
// results. An error response is a dbus.Error.
func (c *busConn) call(dest string, path dbus.ObjectPath, method string, args []any, results ...any) error {
	dot := strings.LastIndexByte(method, '.')
	m := &dbus.Message{
		Type: dbus.TypeMethodCall,
		Headers: map[dbus.HeaderField]dbus.Variant{
			dbus.FieldDestination: dbus.MakeVariant(dest),
			dbus.FieldPath:        dbus.MakeVariant(path),
			dbus.FieldInterface:   dbus.MakeVariant(method[:dot]),
			dbus.FieldMember:      dbus.MakeVariant(method[dot+1:]),
		},
		Body: args,
	}
	if len(args) > 0 {
		m.Headers[dbus.FieldSignature] = dbus.MakeVariant(dbus.SignatureOf(args...))
	}
	serial, err := c.queue(m)
	if err != nil {
		return err
	}
	_, err = c.conn.Write(c.out.Bytes())
	c.out.Reset()
	if err != nil {
		return socketError(err)
	}
	if err := c.readHandshake(); err != nil {
		return err
	}
	for {
		answer, err := c.next()
		if err != nil {
			return err
		}
		to, _ := answer.Headers[dbus.FieldReplySerial].Value().(uint32)
		switch {
		case to != serial || answer.Type != dbus.TypeMethodReply && answer.Type != dbus.TypeError:
			continue
		case answer.Type == dbus.TypeError:
			name, _ := answer.Headers[dbus.FieldErrorName].Value().(string)
			return dbus.Error{Name: name, Body: answer.Body}
		case len(results) == 0:
			return nil
		}
		if err := dbus.Store(answer.Body, results...); err != nil {
			return fmt.Errorf("%w: %s: %w", store.ErrBroken, method[dot+1:], err)
		}
		return nil
	}
}
