//go:build linux

package keyring

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"
	"github.com/hauth/hauth/pkg/store"
)

// loopConn reads what it was made with, and swallows what is written.
type loopConn struct {
	net.Conn
	in io.Reader
}

func (c loopConn) Read(p []byte) (int, error)  { return c.in.Read(p) }
func (c loopConn) Write(p []byte) (int, error) { return len(p), nil }

// Whatever a bus sends, a call ends: with an answer of the types that were
// asked for, or with an error of ours.
func FuzzBusAnswer(f *testing.F) {
	answer := func(m *dbus.Message) []byte {
		var out bytes.Buffer
		m.Headers[dbus.FieldReplySerial] = dbus.MakeVariant(uint32(1))
		if len(m.Body) > 0 {
			m.Headers[dbus.FieldSignature] = dbus.MakeVariant(dbus.SignatureOf(m.Body...))
		}
		if err := m.EncodeTo(&out, binary.LittleEndian); err != nil {
			f.Fatal(err)
		}
		binary.LittleEndian.PutUint32(out.Bytes()[8:], 1)
		return out.Bytes()
	}
	headers := func() map[dbus.HeaderField]dbus.Variant { return map[dbus.HeaderField]dbus.Variant{} }
	f.Add([]byte("DATA\r\nOK 00\r\n"), answer(&dbus.Message{Type: dbus.TypeMethodReply, Headers: headers(),
		Body: []any{fakeSecret{"/s", []byte{}, []byte("v"), "text/plain"}}}))
	f.Add([]byte("OK 00\r\n"), answer(&dbus.Message{Type: dbus.TypeMethodReply, Headers: headers(), Body: []any{dbus.MakeVariant([]string{"x"})}}))
	e := headers()
	e[dbus.FieldErrorName] = dbus.MakeVariant("a.b")
	f.Add([]byte("OK 00\r\n"), answer(&dbus.Message{Type: dbus.TypeError, Headers: e, Body: []any{"text"}}))
	f.Add([]byte("OK 00\r\n"), bytes.Replace(answer(&dbus.Message{Type: dbus.TypeMethodReply, Headers: headers(), Body: []any{"a string that claims 4 GiB"}}),
		[]byte("\x1a\x00\x00\x00a string"), []byte("\xff\xff\xff\xffa string"), 1))
	f.Add([]byte("REJECTED\r\n"), []byte{})
	f.Add([]byte("OK 00\r\n"), []byte("l\x02\x01\x01\xff\xff\xff\xff\x01\x00\x00\x00\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, handshake, messages []byte) {
		c := &busConn{}
		in := append(append([]byte("DATA\r\nOK 00\r\n"), messages...), handshake...)
		if len(handshake)%2 == 1 {
			in = append(bytes.Clone(handshake), messages...)
		}
		c.conn = loopConn{in: bytes.NewReader(in)}
		c.in = bufio.NewReader(c.conn)
		var secret fakeSecret
		err := secretError(c.call(secretName, secretPath, secretItem+".GetSecret", []any{secretPath}, &secret))
		if err != nil && !errors.Is(err, store.ErrAbsent) && !errors.Is(err, store.ErrBroken) && !errors.Is(err, store.ErrLocked) && !errors.Is(err, store.ErrTimeout) {
			t.Errorf("an error that is not typed: %v", err)
		}
	})
}

// The largest message that is read, and one byte more.
func TestBusMessageAtItsLimit(t *testing.T) {
	answer := func(n int) []byte {
		var out bytes.Buffer
		body := []any{make([]byte, n)}
		err := (&dbus.Message{Type: dbus.TypeMethodReply, Body: body, Headers: map[dbus.HeaderField]dbus.Variant{
			dbus.FieldReplySerial: dbus.MakeVariant(uint32(1)),
			dbus.FieldSignature:   dbus.MakeVariant(dbus.SignatureOf(body...)),
		}}).EncodeTo(&out, binary.LittleEndian)
		noError(t, err)
		return out.Bytes()
	}
	overhead := len(answer(0))
	for n, ok := range map[int]bool{maxMessage - overhead: true, maxMessage - overhead + 1: false} {
		c := &busConn{conn: loopConn{in: io.MultiReader(strings.NewReader("OK 00\r\n"), bytes.NewReader(answer(n)))}}
		c.in = bufio.NewReader(c.conn)
		var got []byte
		err := c.call(secretName, secretPath, secretItem+".GetSecret", nil, &got)
		if ok && (err != nil || len(got) != n) || !ok && !errors.Is(err, store.ErrBroken) {
			t.Errorf("%d bytes: read %d, %v", n+overhead, len(got), err)
		}
	}
}
