//go:build linux

package keyring

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/godbus/dbus/v5"
)

// fakeSecrets is a session bus and the Secret Service on it, in one. It speaks
// to hauth's connection and to go-keyring's, and misbehaves on request.
type fakeSecrets struct {
	t       *testing.T
	address string
	socket  string
	ln      net.Listener

	// Before the handshake: "", "mute", "reject", "garbage", "endless".
	handshake string
	// misbehave is asked first for every call but Hello. Nil answers: behave.
	misbehave func(call fakeCall) *fakeAnswer

	mu          sync.Mutex
	conns       []net.Conn
	calls       [][]string // members called, by connection
	collections map[dbus.ObjectPath]*fakeCollection
	aliases     map[string]dbus.ObjectPath
	noAliasPath bool // aliases are known to ReadAlias only
	items       []*fakeItem
	next        int
	onPrompt    string // what prompts do: "accept", "dismiss", "never", "service dies", "bus dies"
	askToCreate bool   // CreateItem asks first
	forgetful   bool   // CreateItem and Delete report success and do nothing
}

type fakeCollection struct{ locked bool }

type fakeItem struct {
	path        dbus.ObjectPath
	attributes  map[string]string
	value       []byte
	contentType string
	parameters  []byte
	locked      bool
	modified    uint64
}

// fakeCall is one method call that has arrived.
type fakeCall struct {
	member string
	path   dbus.ObjectPath
	body   []any
	count  int // how many calls of this member came before, on all connections
	conn   net.Conn
}

// fakeAnswer is an answer that differs from the usual one.
type fakeAnswer struct {
	body  []any
	error string // D-Bus error name
	drop  bool   // no answer
	raw   []byte // these bytes instead
	close bool   // the connection ends
}

// secret as GetSecret returns it.
type fakeSecret struct {
	Session     dbus.ObjectPath
	Parameters  []byte
	Value       []byte
	ContentType string
}

const fakeLogin = dbus.ObjectPath("/org/freedesktop/secrets/collection/login")

// newFake starts a fake like gnome-keyring, with an unlocked login collection.
// Only tests without t.Parallel may use it to write: go-keyring's connection
// belongs to the process.
func newFake(t *testing.T) *fakeSecrets {
	t.Helper()
	dir, err := os.MkdirTemp("", "fs") // t.TempDir can be too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	f := &fakeSecrets{
		t:           t,
		socket:      filepath.Join(dir, "bus"),
		collections: map[dbus.ObjectPath]*fakeCollection{fakeLogin: {}},
		aliases:     map[string]dbus.ObjectPath{"default": fakeLogin},
		onPrompt:    "accept",
		next:        1,
	}
	f.address = "unix:path=" + f.socket
	if f.ln, err = net.Listen("unix", f.socket); err != nil {
		t.Fatal(err)
	}
	t.Setenv(addressVariable, f.address) // and restored, whatever go-keyring's path sets
	go f.accept()
	t.Cleanup(func() {
		f.ln.Close()
		f.closeConns()
		forgetSharedConn()
		os.RemoveAll(dir)
	})
	return f
}

// forgetSharedConn closes godbus's connection, which may not have noticed yet
// that its bus is gone and would be handed to the next test.
func forgetSharedConn() {
	if conn, err := dbus.SessionBus(); err == nil {
		conn.Close()
	}
}

// change changes the fake while it is in use.
func (f *fakeSecrets) change(how func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	how()
}

func (f *fakeSecrets) closeConns() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, c := range f.conns {
		c.Close()
	}
}

func (f *fakeSecrets) accept() {
	for {
		c, err := f.ln.Accept()
		if err != nil {
			return
		}
		f.mu.Lock()
		f.conns = append(f.conns, c)
		f.calls = append(f.calls, nil)
		n := len(f.calls) - 1
		f.mu.Unlock()
		go f.serve(c, n)
	}
}

func (f *fakeSecrets) serve(c net.Conn, n int) {
	defer c.Close()
	in := bufio.NewReader(c)
	f.mu.Lock()
	handshake := f.handshake
	f.mu.Unlock()
	if handshake == "mute" {
		io.Copy(io.Discard, in) // until the other side gives up
		return
	}
	if b, err := in.ReadByte(); err != nil || b != 0 {
		return
	}
	for begun := false; !begun; {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		switch line = strings.TrimSpace(line); {
		case handshake == "garbage":
			c.Write(bytes.Repeat([]byte("\xff\x00::error::"), 10))
			return
		case handshake == "endless":
			for {
				if _, err := c.Write(bytes.Repeat([]byte("x"), 4096)); err != nil {
					return
				}
			}
		case handshake == "reject" || line == "AUTH":
			c.Write([]byte("REJECTED EXTERNAL\r\n"))
		case line == "AUTH EXTERNAL":
			c.Write([]byte("DATA\r\n"))
		case line == "DATA":
			c.Write([]byte("OK 0123456789abcdef0123456789abcdef\r\n"))
		case line == "NEGOTIATE_UNIX_FD":
			c.Write([]byte("AGREE_UNIX_FD\r\n"))
		case line == "BEGIN":
			begun = true
		}
	}
	for {
		m, err := dbus.DecodeMessage(in)
		if err != nil {
			return
		}
		if !f.answer(c, n, m) {
			return
		}
	}
}

// answer handles one message and reports whether the connection goes on.
func (f *fakeSecrets) answer(c net.Conn, n int, m *dbus.Message) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	call := fakeCall{body: m.Body, conn: c}
	call.member, _ = m.Headers[dbus.FieldMember].Value().(string)
	call.path, _ = m.Headers[dbus.FieldPath].Value().(dbus.ObjectPath)
	for _, members := range f.calls {
		for _, earlier := range members {
			if earlier == call.member {
				call.count++
			}
		}
	}
	f.calls[n] = append(f.calls[n], call.member)

	var a *fakeAnswer
	if f.misbehave != nil && call.member != "Hello" {
		a = f.misbehave(call)
	}
	if a == nil {
		a = f.behave(call)
	}
	switch {
	case a.close:
		return false
	case a.drop:
		return true
	case a.raw != nil:
		c.Write(a.raw)
		return true
	}
	reply := &dbus.Message{Type: dbus.TypeMethodReply, Body: a.body, Headers: map[dbus.HeaderField]dbus.Variant{
		dbus.FieldReplySerial: dbus.MakeVariant(m.Serial()),
		dbus.FieldSender:      dbus.MakeVariant(":1.0"),
	}}
	if a.error != "" {
		reply.Type = dbus.TypeError
		reply.Headers[dbus.FieldErrorName] = dbus.MakeVariant(a.error)
	}
	f.send(c, reply)
	return true
}

func (f *fakeSecrets) send(c net.Conn, m *dbus.Message) {
	if len(m.Body) > 0 {
		m.Headers[dbus.FieldSignature] = dbus.MakeVariant(dbus.SignatureOf(m.Body...))
	}
	var out bytes.Buffer
	if err := m.EncodeTo(&out, binary.LittleEndian); err != nil {
		f.t.Errorf("fake: %v", err)
		return
	}
	binary.LittleEndian.PutUint32(out.Bytes()[8:], 1)
	c.Write(out.Bytes())
}

func (f *fakeSecrets) signal(c net.Conn, path dbus.ObjectPath, iface, member string, body ...any) {
	f.send(c, &dbus.Message{Type: dbus.TypeSignal, Body: body, Headers: map[dbus.HeaderField]dbus.Variant{
		dbus.FieldPath:      dbus.MakeVariant(path),
		dbus.FieldInterface: dbus.MakeVariant(iface),
		dbus.FieldMember:    dbus.MakeVariant(member),
		dbus.FieldSender:    dbus.MakeVariant(":1.0"),
	}})
}
