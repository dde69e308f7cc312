package keyring

import (
	"context"
	"errors"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/store"
)

var (
	tokenKey       = tokenTestKey
	credentialsKey = credentialsTestKey
)

const (
	tokenName = "123pan/default#token"
	ample     = 20 * time.Second      // for what must be answered
	scant     = 80 * time.Millisecond // for what is not answered
)

func openFake(t *testing.T, f *fakeSecrets, o Options) store.Backend {
	t.Helper()
	if o.timeout == 0 {
		o.timeout = ample
	}
	b, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// do runs one operation on the token's record by name.
func do(b store.Backend, op string) ([]byte, error) {
	switch op {
	case "get":
		return b.Get(context.Background(), tokenKey)
	case "set":
		return nil, b.Set(context.Background(), tokenKey, []byte("canary-new"))
	default:
		return nil, b.Delete(context.Background(), tokenKey)
	}
}

// on makes a misbehaviour of one member.
func on(member string, a *fakeAnswer) func(fakeCall) *fakeAnswer {
	return func(c fakeCall) *fakeAnswer {
		if c.member == member {
			return a
		}
		return nil
	}
}

// gnome-keyring can abort when a client's first call is OpenSession.
func TestKeyringSearchesFirst(t *testing.T) {
	f := newFake(t)
	b := openFake(t, f, Options{})
	for _, op := range []string{"set", "get", "set", "delete"} {
		if _, err := do(b, op); err != nil {
			t.Fatal(op, err)
		}
	}
	for _, members := range f.called() {
		if len(members) < 2 || members[0] != "Hello" || members[1] != "SearchItems" {
			t.Errorf("a connection begins with %v", members)
		}
	}
}

// A read costs three waits, the handshake included.
func TestKeyringReadCalls(t *testing.T) {
	f := newFake(t)
	f.change(func() { f.add(fakeLogin, tokenName, "v") })
	if _, err := do(openFake(t, f, Options{}), "get"); err != nil {
		t.Fatal(err)
	}
	want := []string{"Hello", "SearchItems", "OpenSession", "GetSecret"}
	if got := f.called(); len(got) != 1 || !slices.Equal(got[0], want) {
		t.Errorf("calls %v, want %v on one connection", got, want)
	}
}

// Of several matches all readers take the one modified last; a write leaves
// only what was written, a delete nothing.
func TestKeyringSeveralMatches(t *testing.T) {
	arrange := func(t *testing.T) (*fakeSecrets, store.Backend) {
		f := newFake(t)
		f.change(func() {
			for _, v := range []string{"first", "newest", "third"} {
				f.add(fakeLogin, tokenName, v).attributes["xdg:schema"] = v
			}
			f.items[1].modified = 9999
		})
		return f, openFake(t, f, Options{})
	}
	t.Run("get", func(t *testing.T) {
		_, b := arrange(t)
		if got, err := do(b, "get"); err != nil || string(got) != "newest" {
			t.Errorf("%q, %v", got, err)
		}
	})
	t.Run("get, all of one second", func(t *testing.T) {
		f, b := arrange(t)
		f.change(func() { f.items[0].modified, f.items[2].modified = 9999, 9999 })
		if got, err := do(b, "get"); err != nil || string(got) != "third" {
			t.Errorf("%q, %v", got, err)
		}
	})
	t.Run("set", func(t *testing.T) {
		f, b := arrange(t)
		if _, err := do(b, "set"); err != nil {
			t.Fatal(err)
		}
		if left := f.values(); !slices.Equal(left, []string{"canary-new"}) {
			t.Errorf("left: %q", left)
		}
	})
	t.Run("delete", func(t *testing.T) {
		f, b := arrange(t)
		if _, err := do(b, "delete"); err != nil || len(f.values()) != 0 {
			t.Errorf("left: %q, %v", f.values(), err)
		}
	})
}

// The items are go-keyring's, under hauth's names.
func TestKeyringAttributes(t *testing.T) {
	f := newFake(t)
	b := openFake(t, f, Options{})
	for key, want := range map[store.Key]string{tokenKey: tokenName, credentialsKey: "123pan/default"} {
		if err := b.Set(context.Background(), key, []byte("x")); err != nil {
			t.Fatal(err)
		}
		f.change(func() {
			got := f.items[len(f.items)-1].attributes
			if got["username"] != want || got["service"] != "hauth" || len(got) != 2 {
				t.Errorf("attributes %v", got)
			}
		})
	}
}

// A slow service is waited for, with one line when someone is there.
func TestKeyringSlowAnswer(t *testing.T) {
	f := newFake(t)
	f.change(func() { f.add(fakeLogin, tokenName, "v") })
	noticed := make(chan string, 10)
	misbehave := func(c fakeCall) *fakeAnswer {
		if c.member == "GetSecret" {
			// Slow is until the line has come.
			select {
			case line := <-noticed:
				noticed <- line
			case <-time.After(ample):
			}
		}
		return nil
	}
	f.change(func() { f.misbehave = misbehave })
	b := openFake(t, f, Options{Attended: true, Notice: func(s string) { noticed <- s }, noticeAfter: 20 * time.Millisecond})
	if got, err := do(b, "get"); err != nil || string(got) != "v" {
		t.Fatalf("%q, %v", got, err)
	}
	if line := <-noticed; line != "waiting for the keyring (Secret Service, collection login) …" {
		t.Errorf("notice %q", line)
	}
	if len(noticed) > 0 {
		t.Error("more than one line")
	}
}

func TestKeyringDeadlines(t *testing.T) {
	if o := (Options{}); o.deadline() != 2*time.Second || o.most() != 20*time.Second {
		t.Errorf("unattended: %v, %v", o.deadline(), o.most())
	}
	if o := (Options{Attended: true}); o.deadline() != 90*time.Second || o.most() != 90*time.Second {
		t.Errorf("attended: %v, %v", o.deadline(), o.most())
	}
}

// An interrupted call returns at once, and the backend remains usable.
func TestKeyringCancelled(t *testing.T) {
	f := newFake(t)
	f.change(func() { f.add(fakeLogin, tokenName, "v") })
	ctx, cancel := context.WithCancel(context.Background())
	misbehave := func(c fakeCall) *fakeAnswer {
		if c.member == "OpenSession" && c.count == 0 {
			cancel()
			return &fakeAnswer{drop: true}
		}
		return nil
	}
	f.change(func() { f.misbehave = misbehave })
	b := openFake(t, f, Options{})
	_, err := b.Get(ctx, tokenKey)
	if !auth.Is(err, auth.Interrupted) || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if got, err := do(b, "get"); err != nil || string(got) != "v" {
		t.Errorf("afterwards %q, %v", got, err)
	}
}

// A caller with less time than the keyring may take learns nothing about it:
// the backend remains usable.
func TestKeyringOutlivesAnImpatientCaller(t *testing.T) {
	f := newFake(t)
	f.change(func() {
		f.add(fakeLogin, tokenName, "v")
		f.misbehave = func(c fakeCall) *fakeAnswer {
			if c.member == "OpenSession" && c.count == 0 {
				return &fakeAnswer{drop: true}
			}
			return nil
		}
	})
	b := openFake(t, f, Options{})
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if _, err := b.Get(ctx, tokenKey); !errors.Is(err, store.ErrTimeout) {
		t.Errorf("got %v", err)
	}
	if got, err := do(b, "get"); err != nil || string(got) != "v" {
		t.Errorf("afterwards %q, %v", got, err)
	}
}

// Two writers delete each other's items: an item that the other has deleted
// between this one's search and its reading does not fail the write.
func TestKeyringItemDeletedByAnotherWriter(t *testing.T) {
	f := newFake(t)
	vanished := false
	f.change(func() {
		f.add(fakeLogin, tokenName, "other").attributes["xdg:schema"] = "org.example"
		f.misbehave = func(c fakeCall) *fakeAnswer {
			if c.member == "GetSecret" && f.item(c.path) != nil && string(f.item(c.path).value) == "other" {
				vanished = true
				f.items = slices.DeleteFunc(f.items, func(i *fakeItem) bool { return i.path == c.path })
			}
			return nil
		}
	})
	b := openFake(t, f, Options{})
	if _, err := do(b, "set"); err != nil || !vanished {
		t.Errorf("vanished %v, %v", vanished, err)
	}
	if left := f.values(); !slices.Equal(left, []string{"canary-new"}) {
		t.Errorf("left: %q", left)
	}
}

// Text of a service is printed only after it has been made safe.
func TestKeyringHostileText(t *testing.T) {
	f := newFake(t)
	misbehave := func(c fakeCall) *fakeAnswer {
		if c.member == "CreateItem" {
			return refuse("org.example.Error", "\x1b[2J::set-output canary-new \u202e"+string(c.body[1].([]any)[2].([]byte)))
		}
		return nil
	}
	f.change(func() { f.misbehave = misbehave })
	_, err := do(openFake(t, f, Options{}), "set")
	if err == nil {
		t.Fatal("no error")
	}
	checkError(t, err)
	if strings.ContainsAny(err.Error(), "\x1b\u202e") || strings.HasPrefix(err.Error(), "::") {
		t.Errorf("%q", err)
	}
}

// Many readers at once, each on a connection of its own.
func TestKeyringConcurrentReaders(t *testing.T) {
	f := newFake(t)
	f.change(func() { f.add(fakeLogin, tokenName, "v") })
	b := openFake(t, f, Options{})
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			if got, err := do(b, "get"); err != nil || string(got) != "v" {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
	wg.Wait()
}

func TestInspectKeyring(t *testing.T) {
	f := newFake(t)
	f.change(func() { f.collections[fakeLogin].locked = true })
	info, err := Inspect(context.Background(), Options{timeout: ample})
	if err != nil {
		t.Fatal(err)
	}
	if info.Bus != f.address || info.Owner != ":1.0" || info.PID == 0 || info.Process == "" ||
		info.Collection != string(fakeLogin) || info.Label != "Login" || !info.Locked {
		t.Errorf("%+v", info)
	}

	f.change(func() { f.misbehave = on("GetNameOwner", refuse(busError+"NameHasNoOwner", "no owner")) })
	before := len(f.called())
	info, err = Inspect(context.Background(), Options{timeout: ample})
	if !errors.Is(err, store.ErrAbsent) || info.Bus == "" || info.Owner != "" {
		t.Errorf("%+v, %v", info, err)
	}
	for _, members := range f.called()[before:] {
		if slices.Contains(members, "SearchItems") {
			t.Error("the inspection would have started the service")
		}
	}

	f.change(func() { f.misbehave = on("GetNameOwner", &fakeAnswer{drop: true}) })
	info, err = Inspect(context.Background(), Options{timeout: scant})
	if !errors.Is(err, store.ErrTimeout) || info.Bus == "" {
		t.Errorf("%+v, %v", info, err)
	}
	checkError(t, err)
}

// A bus that accepts and then disappears does not keep a reader waiting.
func TestKeyringBusNotListening(t *testing.T) {
	f := newFake(t)
	f.ln.(*net.UnixListener).SetUnlinkOnClose(false)
	f.ln.Close()
	_, err := do(openFake(t, f, Options{}), "get")
	if !errors.Is(err, store.ErrAbsent) {
		t.Fatal(err)
	}
	checkError(t, err)
}
