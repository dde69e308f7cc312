package keyring

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/store"
)

// Whatever the service does, each operation ends in time with a typed error.
func TestKeyringMisbehaviour(t *testing.T) {
	lockLogin := func(f *fakeSecrets) { f.collections[fakeLogin].locked = true }
	prompting := func(kind string) func(*fakeSecrets) {
		return func(f *fakeSecrets) { lockLogin(f); f.onPrompt = kind }
	}
	lockItem := func(f *fakeSecrets) { f.items[0].locked = true }
	answers := func(member string, a *fakeAnswer) func(*fakeSecrets) {
		return func(f *fakeSecrets) { f.misbehave = on(member, a) }
	}
	silent := func(member string) func(*fakeSecrets) { return answers(member, &fakeAnswer{drop: true}) }
	handshake := func(kind string) func(*fakeSecrets) { return func(f *fakeSecrets) { f.handshake = kind } }

	tests := []struct {
		name     string
		ops      string // of get, set, delete
		attended bool
		arrange  func(*fakeSecrets) // the item exists and is unlocked
		want     error              // nil: success
	}{
		{"behaves", "get set delete", false, func(*fakeSecrets) {}, nil},

		{"mute socket", "get set delete", false, handshake("mute"), store.ErrTimeout},
		{"mute socket, attended", "get set delete", true, handshake("mute"), store.ErrTimeout},
		{"bus refuses the user", "get set delete", false, handshake("reject"), store.ErrAbsent},
		{"handshake is garbage", "get set delete", false, handshake("garbage"), store.ErrAbsent},
		{"handshake without end", "get set delete", false, handshake("endless"), store.ErrBroken},
		{"bus gone at once", "get set delete", false, answers("SearchItems", &fakeAnswer{close: true}), store.ErrAbsent},

		{"SearchItems unanswered", "get set delete", false, silent("SearchItems"), store.ErrTimeout},
		{"OpenSession unanswered", "get set", false, silent("OpenSession"), store.ErrTimeout},
		{"GetSecret unanswered", "get set", false, silent("GetSecret"), store.ErrTimeout},
		{"CreateItem unanswered", "set", false, silent("CreateItem"), store.ErrTimeout},
		{"Delete unanswered", "delete", false, silent("Delete"), store.ErrTimeout},
		{"properties unanswered", "set delete", false, silent("Get"), store.ErrTimeout},
		{"session bus too slow for the service to start", "get set delete", false, answers("SearchItems", refuse(busError+"TimedOut", "activation timed out")), store.ErrTimeout},

		{"no service", "get set delete", false, answers("SearchItems", refuse(busError+"ServiceUnknown", "not provided")), store.ErrAbsent},
		{"service cannot be started", "get set delete", false, answers("SearchItems", refuse(busError+"Spawn.ChildExited", "exited")), store.ErrAbsent},
		{"service dies over a call", "get set", false, answers("OpenSession", refuse(busError+"NoReply", "disconnected")), store.ErrAbsent},
		{"access denied", "get set delete", false, answers("SearchItems", refuse(busError+"AccessDenied", "no")), store.ErrBroken},
		{"never knows the method", "get set delete", false, answers("SearchItems", refuse(busError+"UnknownMethod", "no")), store.ErrBroken},
		{"knows the method the second time", "get set delete", false, func(f *fakeSecrets) {
			f.misbehave = func(c fakeCall) *fakeAnswer {
				if c.member == "SearchItems" && c.count == 0 {
					return refuse(busError+"UnknownMethod", "no")
				}
				return nil
			}
		}, nil},

		{"SearchItems of the wrong type", "get set delete", false, answers("SearchItems", reply("text", uint32(1))), store.ErrBroken},
		{"SearchItems with too little", "get set delete", false, answers("SearchItems", reply()), store.ErrBroken},
		{"an invalid path", "get", false, answers("SearchItems", reply([]string{"///"}, []string{})), store.ErrBroken},
		{"GetSecret of the wrong type", "get set", false, answers("GetSecret", reply("canary-text")), store.ErrBroken},
		{"property Collections of the wrong type", "set delete", false, func(f *fakeSecrets) {
			f.misbehave = func(c fakeCall) *fakeAnswer { // go-keyring panics over it
				if c.member == "Get" && c.body[1] == "Collections" {
					return reply(dbus.MakeVariant("many"))
				}
				return nil
			}
		}, store.ErrBroken},
		{"property Locked of the wrong type", "set delete", false, func(f *fakeSecrets) {
			f.misbehave = func(c fakeCall) *fakeAnswer {
				if c.member == "Get" && c.body[1] == "Locked" {
					return reply(dbus.MakeVariant("perhaps"))
				}
				return nil
			}
		}, store.ErrBroken},
		{"a message without end", "get set delete", false, answers("SearchItems", &fakeAnswer{raw: []byte("l\x02\x01\x01\xff\xff\xff\x7f\x01\x00\x00\x00\xff\xff\xff\x7f")}), store.ErrBroken},
		{"a message whose sizes overflow", "get set delete", false, answers("SearchItems", &fakeAnswer{raw: []byte("l\x02\x01\x01\xff\xff\xff\xff\x01\x00\x00\x00\xff\xff\xff\xff")}), store.ErrBroken},
		{"a message of garbage", "get set delete", false, answers("SearchItems", &fakeAnswer{raw: []byte(strings.Repeat("\x00", 64))}), store.ErrBroken},
		{"an answer to nobody", "get set delete", false, answers("SearchItems", &fakeAnswer{raw: []byte("l\x02\x01\x01\x00\x00\x00\x00\x01\x00\x00\x00\x08\x00\x00\x00\x05\x01u\x00\xe7\x03\x00\x00")}), store.ErrTimeout},

		{"locked", "get set delete", false, lockLogin, store.ErrLocked},
		{"locked, and the service hides what it holds", "get set delete", false, func(f *fakeSecrets) {
			lockLogin(f)
			f.items = nil
		}, store.ErrLocked},
		{"locked and answered", "get set delete", true, lockLogin, nil},
		{"item locked alone", "get set delete", false, lockItem, store.ErrLocked},
		{"item locked alone and answered", "get set delete", true, lockItem, nil},
		{"locked over the read", "get", false, answers("GetSecret", refuse("org.freedesktop.Secret.Error.IsLocked", "locked")), store.ErrLocked},
		{"unlocks without a question", "get set delete", false, func(f *fakeSecrets) {
			lockLogin(f)
			f.misbehave = func(c fakeCall) *fakeAnswer {
				if c.member == "Unlock" {
					f.collections[fakeLogin].locked = false
				}
				return nil
			}
		}, nil},
		{"a prompt without a path", "get set delete", true, func(f *fakeSecrets) {
			lockLogin(f)
			f.misbehave = on("Unlock", reply([]dbus.ObjectPath{}, "',"))
		}, store.ErrBroken},
		{"prompt never completed", "get set delete", true, prompting("never"), store.ErrTimeout},
		{"prompt dismissed", "get set delete", true, prompting("dismiss"), store.ErrDeclined},
		{"service gone over a prompt", "get set delete", true, prompting("service dies"), store.ErrAbsent},
		{"bus gone over a prompt", "get set delete", true, prompting("bus dies"), store.ErrAbsent},
		{"prompt completed with the wrong type", "get set delete", true, prompting("wrong type"), store.ErrBroken},
		{"prompt unanswered", "get set delete", true, func(f *fakeSecrets) {
			lockLogin(f)
			f.misbehave = on("Prompt", &fakeAnswer{drop: true})
		}, store.ErrTimeout},
		{"asks before it writes, dismissed", "set", true, func(f *fakeSecrets) {
			f.askToCreate, f.onPrompt = true, "dismiss"
		}, store.ErrDeclined},
		{"asks before it writes, never completed", "set", true, func(f *fakeSecrets) {
			f.askToCreate, f.onPrompt = true, "never"
		}, store.ErrTimeout},
		{"asks before it writes, bus gone", "set", true, func(f *fakeSecrets) { // go-keyring panics over it
			f.askToCreate, f.onPrompt = true, "bus dies"
		}, store.ErrBroken},

		{"writes nothing", "set delete", false, func(f *fakeSecrets) { f.forgetful = true }, store.ErrNotPersisted},
		{"writes nothing, had nothing", "set", false, func(f *fakeSecrets) { f.forgetful, f.items = true, nil }, store.ErrNotPersisted},

		{"no such item", "get", false, func(f *fakeSecrets) { f.items = nil }, store.ErrNotFound},
		{"nothing to delete", "delete", false, func(f *fakeSecrets) { f.items = nil }, nil},
		{"item of a foreign collection", "get", false, func(f *fakeSecrets) {
			f.items = nil
			f.add(dbus.ObjectPath(collectionPrefix+"other"), tokenName, "foreign")
		}, store.ErrNotFound},
		{"item gone over the read", "get", false, answers("GetSecret", refuse("org.freedesktop.Secret.Error.NoSuchObject", "no")), store.ErrNotFound},
		{"item replaced over the read", "get", false, func(f *fakeSecrets) {
			f.misbehave = func(c fakeCall) *fakeAnswer {
				if c.member == "GetSecret" && c.count == 0 {
					return refuse("org.freedesktop.Secret.Error.NoSuchObject", "no")
				}
				return nil
			}
		}, nil},
		{"another program's content", "get", false, func(f *fakeSecrets) { f.items[0].contentType = "image/png" }, store.ErrUnreadable},
		{"encrypted in a plain session", "get", false, func(f *fakeSecrets) { f.items[0].parameters = []byte("iv") }, store.ErrBroken},
		{"a content type such as KWallet's", "get", false, func(f *fakeSecrets) { f.items[0].contentType = "application/octet-stream" }, nil},

		{"no default collection", "get set delete", false, func(f *fakeSecrets) {
			f.collections, f.aliases, f.items = map[dbus.ObjectPath]*fakeCollection{}, map[string]dbus.ObjectPath{}, nil
		}, store.ErrAbsent},
		{"KeePassXC: collection of another name", "get set delete", false, func(f *fakeSecrets) {
			f.items[0].path = f.like("passwords") + "/5f3a"
		}, nil},
		{"KeePassXC: database locked", "get set delete", false, func(f *fakeSecrets) {
			f.collections[f.like("passwords")].locked = true
			f.items = nil
		}, store.ErrLocked},
		{"KeePassXC: database locked, answered", "set delete", true, func(f *fakeSecrets) {
			path := f.like("passwords")
			f.collections[path].locked = true
			f.items[0].path = path + "/5f3a"
		}, nil},
		{"KWallet: collection of another name", "get set delete", false, func(f *fakeSecrets) {
			f.items[0].path = f.like("kdewallet") + "/1"
		}, nil},
		{"an alias without an object path", "get", false, func(f *fakeSecrets) {
			f.items[0].path = f.like("kdewallet") + "/1"
			f.noAliasPath = true
		}, nil},
		{"an alias without an object path, to write", "set delete", false, func(f *fakeSecrets) {
			f.items[0].path = f.like("kdewallet") + "/1"
			f.noAliasPath = true
		}, store.ErrBroken},
	}
	for _, tt := range tests {
		for op := range strings.FieldsSeq(tt.ops) {
			t.Run(tt.name+"/"+op, func(t *testing.T) {
				f := newFake(t)
				f.change(func() {
					f.add(fakeLogin, tokenName, "canary-old")
					tt.arrange(f)
				})
				o := Options{Attended: tt.attended, timeout: ample}
				if tt.want == store.ErrTimeout {
					o.timeout = scant
				}
				b := openFake(t, f, o)
				start := time.Now()
				data, err := do(b, op)
				took := time.Since(start)
				if !errors.Is(err, tt.want) {
					t.Fatalf("got %v, want %v", err, tt.want)
				}
				if took > o.timeout+5*time.Second {
					t.Errorf("took %v", took)
				}
				if err == nil {
					if op == "get" && string(data) != "canary-old" {
						t.Errorf("read %q", data)
					}
				} else {
					checkError(t, err)
				}
				if !tt.attended {
					for _, members := range f.called() {
						if slices.Contains(members, "Prompt") {
							t.Error("prompted, with nobody there")
						}
					}
				}
				if tt.want == store.ErrTimeout {
					before := len(f.called())
					if _, err := do(b, "get"); !errors.Is(err, store.ErrTimeout) || len(f.called()) > before {
						t.Errorf("after a time-out: %v, and %d connections", err, len(f.called())-before)
					}
				}
			})
		}
	}
}

// checkError checks the properties of every error of the keyring.
func checkError(t *testing.T, err error) {
	t.Helper()
	e, ok := err.(*auth.Error)
	if !ok {
		t.Fatalf("%T is not an *auth.Error", err)
	}
	want := auth.Store
	if errors.Is(err, store.ErrNotFound) {
		want = auth.NotFound
	}
	if e.Kind != want {
		t.Errorf("kind %v, want %v", e.Kind.Code(), want.Code())
	}
	if e.Remedy == "" || !strings.Contains(e.Fact, "keyring (Secret Service") {
		t.Errorf("error %q, remedy %s", err, e.Remedy)
	}
	if strings.Contains(e.Error(), "canary") {
		t.Errorf("the record is in the error: %v", err)
	}
	sentinels := 0
	for _, s := range []error{store.ErrNotFound, store.ErrAbsent, store.ErrUnreachable, store.ErrLocked, store.ErrDeclined, store.ErrTimeout, store.ErrNotPersisted, store.ErrTooBig, store.ErrUnreadable, store.ErrBroken} {
		if errors.Is(err, s) {
			sentinels++
		}
	}
	if sentinels != 1 {
		t.Errorf("%d kinds of failure in %v", sentinels, err)
	}
}
