//go:build linux

package keyring

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/godbus/dbus/v5"
)

func reply(body ...any) *fakeAnswer { return &fakeAnswer{body: body} }

func refuse(name string, text string) *fakeAnswer {
	return &fakeAnswer{error: name, body: []any{text}}
}

// behave answers as the specification says.
func (f *fakeSecrets) behave(call fakeCall) *fakeAnswer {
	switch call.member {
	case "Hello":
		return reply(":1.7")
	case "AddMatch", "RemoveMatch", "Close":
		return reply()
	case "GetNameOwner":
		return reply(":1.0")
	case "GetConnectionUnixProcessID":
		return reply(uint32(os.Getpid()))
	case "ListActivatableNames":
		return reply([]string{"org.freedesktop.DBus"})
	case "ReadAlias":
		if p, ok := f.aliases[call.body[0].(string)]; ok {
			return reply(p)
		}
		return reply(noObject)
	case "OpenSession":
		return reply(dbus.MakeVariant(""), dbus.ObjectPath("/org/freedesktop/secrets/session/s1"))
	case "Get":
		return f.property(call.path, call.body[1].(string))
	case "SearchItems":
		return f.searchItems(call)
	case "Unlock":
		return f.unlock(call.body[0].([]dbus.ObjectPath))
	case "Prompt":
		return f.prompt(call)
	case "CreateItem":
		return f.createItem(call)
	case "GetSecret":
		i := f.item(call.path)
		switch {
		case i == nil:
			return refuse("org.freedesktop.Secret.Error.NoSuchObject", "no such item")
		case f.isLocked(i):
			return refuse("org.freedesktop.Secret.Error.IsLocked", "locked")
		}
		return reply(fakeSecret{call.body[0].(dbus.ObjectPath), append([]byte{}, i.parameters...), i.value, i.contentType})
	case "Delete":
		if f.item(call.path) == nil {
			return refuse("org.freedesktop.Secret.Error.NoSuchObject", "no such item")
		}
		if !f.forgetful {
			f.items = slices.DeleteFunc(f.items, func(i *fakeItem) bool { return i.path == call.path })
		}
		return reply(noObject)
	}
	return refuse(busError+"UnknownMethod", "no method "+call.member)
}

// resolve follows an alias's object path.
func (f *fakeSecrets) resolve(p dbus.ObjectPath) dbus.ObjectPath {
	if name, ok := strings.CutPrefix(string(p), "/org/freedesktop/secrets/aliases/"); ok && !f.noAliasPath {
		return f.aliases[name]
	}
	return p
}

func (f *fakeSecrets) item(p dbus.ObjectPath) *fakeItem {
	for _, i := range f.items {
		if i.path == p {
			return i
		}
	}
	return nil
}

func (f *fakeSecrets) isLocked(i *fakeItem) bool {
	c := f.collections[i.path[:strings.LastIndexByte(string(i.path), '/')]]
	return i.locked || c != nil && c.locked
}

func (f *fakeSecrets) property(path dbus.ObjectPath, name string) *fakeAnswer {
	if name == "Collections" {
		return reply(dbus.MakeVariant(slices.Sorted(maps.Keys(f.collections))))
	}
	if c := f.collections[f.resolve(path)]; c != nil {
		switch name {
		case "Locked":
			return reply(dbus.MakeVariant(c.locked))
		case "Label":
			return reply(dbus.MakeVariant("Login"))
		}
	}
	if i := f.item(path); i != nil && name == "Modified" {
		return reply(dbus.MakeVariant(i.modified))
	}
	return refuse(busError+"UnknownObject", "no such object")
}

func (f *fakeSecrets) searchItems(call fakeCall) *fakeAnswer {
	want := call.body[0].(map[string]string)
	unlocked, locked := []dbus.ObjectPath{}, []dbus.ObjectPath{}
	for _, i := range f.items {
		fits := true
		for k, v := range want {
			fits = fits && i.attributes[k] == v
		}
		switch {
		case !fits:
		case f.isLocked(i):
			locked = append(locked, i.path)
		default:
			unlocked = append(unlocked, i.path)
		}
	}
	if call.path == secretPath {
		return reply(unlocked, locked)
	}
	collection := f.resolve(call.path)
	if f.collections[collection] == nil {
		return refuse(busError+"UnknownObject", "no such collection")
	}
	return reply(slices.DeleteFunc(append(unlocked, locked...), func(p dbus.ObjectPath) bool {
		return !strings.HasPrefix(string(p), string(collection)+"/")
	}))
}

func (f *fakeSecrets) unlock(paths []dbus.ObjectPath) *fakeAnswer {
	unlocked := []dbus.ObjectPath{}
	for _, p := range paths {
		p = f.resolve(p)
		if c := f.collections[p]; c != nil && !c.locked {
			unlocked = append(unlocked, p)
		} else if i := f.item(p); i != nil && !f.isLocked(i) {
			unlocked = append(unlocked, p)
		} else if c != nil || i != nil {
			return reply([]dbus.ObjectPath{}, dbus.ObjectPath("/org/freedesktop/secrets/prompt/"+strings.ReplaceAll(strings.Trim(string(p), "/"), "/", "_")))
		}
	}
	return reply(unlocked, noObject)
}

func (f *fakeSecrets) prompt(call fakeCall) *fakeAnswer {
	switch f.onPrompt {
	case "accept":
		for _, c := range f.collections {
			c.locked = false
		}
		for _, i := range f.items {
			i.locked = false
		}
		fallthrough
	case "dismiss":
		f.signal(call.conn, call.path, secretPrompt, "Completed", f.onPrompt == "dismiss", dbus.MakeVariant([]dbus.ObjectPath{fakeLogin}))
	case "service dies":
		f.signal(call.conn, busPath, busName, "NameOwnerChanged", secretName, ":1.0", "")
	case "bus dies":
		return &fakeAnswer{close: true}
	case "wrong type":
		f.signal(call.conn, call.path, secretPrompt, "Completed", "yes")
	}
	return reply()
}

func (f *fakeSecrets) createItem(call fakeCall) *fakeAnswer {
	collection := f.resolve(call.path)
	c := f.collections[collection]
	switch {
	case c == nil:
		return refuse(busError+"UnknownObject", "no such collection")
	case c.locked:
		return refuse("org.freedesktop.Secret.Error.IsLocked", "locked")
	case f.askToCreate:
		return reply(noObject, dbus.ObjectPath("/org/freedesktop/secrets/prompt/create"))
	case f.forgetful:
		return reply(collection+"/0", noObject)
	}
	attributes := call.body[0].(map[string]dbus.Variant)["org.freedesktop.Secret.Item.Attributes"].Value().(map[string]string)
	secret := call.body[1].([]any)
	value := secret[2].([]byte)
	for _, i := range f.items {
		if maps.Equal(i.attributes, attributes) && strings.HasPrefix(string(i.path), string(collection)+"/") {
			i.value, i.modified = value, i.modified+1
			return reply(i.path, noObject)
		}
	}
	return reply(f.add(collection, attributes["username"], string(value)).path, noObject)
}

// add puts an item into a collection. The caller holds mu, or has not begun.
func (f *fakeSecrets) add(collection dbus.ObjectPath, username, value string) *fakeItem {
	i := &fakeItem{
		path:        dbus.ObjectPath(fmt.Sprintf("%s/%d", collection, f.next)),
		attributes:  attributes(username),
		value:       []byte(value),
		contentType: "text/plain; charset=utf8",
		modified:    uint64(1000 + f.next),
	}
	f.next++
	f.items = append(f.items, i)
	return i
}

// like makes the fake one with another collection than "login".
func (f *fakeSecrets) like(collection string) dbus.ObjectPath {
	path := dbus.ObjectPath(collectionPrefix + collection)
	f.collections = map[dbus.ObjectPath]*fakeCollection{path: {}}
	f.aliases["default"] = path
	return path
}

// called returns the members that were called, by connection.
func (f *fakeSecrets) called() [][]string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all [][]string
	for _, members := range f.calls {
		all = append(all, slices.Clone(members))
	}
	return all
}

// values returns what the items hold.
func (f *fakeSecrets) values() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []string
	for _, i := range f.items {
		all = append(all, string(i.value))
	}
	return all
}
