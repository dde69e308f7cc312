//go:build linux

package keyring

import (
	"fmt"
	"strings"

	"github.com/godbus/dbus/v5"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/store"
)

// match is an item that carries the attributes that were searched for.
type match struct {
	path   dbus.ObjectPath
	locked bool
}

// attributes are what go-keyring gives its items, so that it, secret-tool and
// hauth see the same ones.
func attributes(username string) map[string]string {
	return map[string]string{"service": itemService, "username": username}
}

// find returns the item of username, unlocked. The order of the calls matters:
// in a burst of new clients gnome-keyring aborts if one of them begins with
// OpenSession, alone or together with another call. SearchItems, alone and
// first, is safe, and also distinguishes locked from unlocked items.
func (s *secrets) find(username string) (dbus.ObjectPath, error) {
	matches, collection, err := s.search(username)
	if err != nil {
		return "", err
	}
	if len(matches) == 0 {
		// A locked collection may not list its items, so an item is known to be
		// absent only if an unlocked collection does not have it.
		unlocked, err := s.unlockCollection(collection)
		if err != nil {
			return "", err
		}
		if unlocked {
			if matches, _, err = s.search(username); err != nil {
				return "", err
			}
		}
	}
	if len(matches) == 0 {
		return "", store.ErrNotFound
	}
	m, err := s.newest(matches)
	if err != nil {
		return "", err
	}
	if m.locked {
		return m.path, s.unlock(m.path)
	}
	return m.path, nil
}

// search returns the matches in the collection that go-keyring writes to, and
// that collection.
func (s *secrets) search(username string) ([]match, dbus.ObjectPath, error) {
	var unlocked, locked []dbus.ObjectPath
	search := func() error {
		return s.call(secretPath, secretService+".SearchItems", []any{attributes(username)}, &unlocked, &locked)
	}
	err := search()
	if isUnknown(err) { // gnome-keyring did not yet know this client; now it does
		err = search()
	}
	if err != nil {
		return nil, "", err
	}
	all := make([]match, 0, 1)
	for _, p := range unlocked {
		all = append(all, match{p, false})
	}
	for _, p := range locked {
		all = append(all, match{p, true})
	}
	for _, m := range all {
		if !m.path.IsValid() {
			return nil, "", fmt.Errorf("%w: an item with an invalid path", store.ErrBroken)
		}
	}
	if in := within(all, loginCollection); len(in) > 0 {
		s.target.set(titleOf(loginCollection))
		return in, loginCollection, nil
	}
	collection, err := s.collection()
	if err != nil {
		return nil, "", err
	}
	return within(all, collection), collection, nil
}

// within keeps the matches that are items of the collection.
func within(all []match, collection dbus.ObjectPath) []match {
	var in []match
	for _, m := range all {
		if strings.HasPrefix(string(m.path), string(collection)+"/") {
			in = append(in, m)
		}
	}
	return in
}

// collection is the one that go-keyring writes to: "login" where there is one,
// as in GNOME, else the one behind the alias "default", as in KeePassXC and
// KWallet.
func (s *secrets) collection() (dbus.ObjectPath, error) {
	var all []dbus.ObjectPath
	if err := s.property(secretPath, secretService, "Collections", &all); err != nil {
		return "", err
	}
	for _, p := range all {
		if p == loginCollection {
			s.target.set(titleOf(p))
			return p, nil
		}
	}
	var p dbus.ObjectPath
	if err := s.call(secretPath, secretService+".ReadAlias", []any{"default"}, &p); err != nil {
		return "", err
	}
	if p == noObject {
		return "", fmt.Errorf("%w: the keyring service has no default collection", store.ErrAbsent)
	}
	s.target.set(titleOf(p))
	return p, nil
}

// newest is the match that was modified last, and of several such matches the
// one with the greatest path, so that every reader chooses the same one.
func (s *secrets) newest(matches []match) (match, error) {
	if len(matches) == 1 {
		return matches[0], nil
	}
	var best match
	var bestTime uint64
	for _, m := range matches {
		var modified uint64
		if err := s.property(m.path, secretItem, "Modified", &modified); err != nil {
			if isGone(err) {
				continue
			}
			return match{}, err
		}
		if best.path == "" || modified > bestTime || modified == bestTime && laterPath(m.path, best.path) {
			best, bestTime = m, modified
		}
	}
	if best.path == "" {
		return match{}, store.ErrNotFound
	}
	return best, nil
}

// laterPath orders item paths; gnome-keyring's end in a growing number.
func laterPath(a, b dbus.ObjectPath) bool {
	if len(a) != len(b) {
		return len(a) > len(b)
	}
	return a > b
}

// titleOf names a collection in messages, by the last element of its path.
func titleOf(collection dbus.ObjectPath) string {
	return "Secret Service, collection " + auth.Printable(strings.TrimPrefix(string(collection), collectionPrefix))
}
