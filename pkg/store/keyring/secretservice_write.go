//go:build linux

package keyring

import (
	"bytes"
	"errors"

	"github.com/godbus/dbus/v5"
	"github.com/hauth/hauth/pkg/store"
)

// prepare makes sure that the collection exists and is unlocked, so that
// go-keyring has no reason to prompt.
func (s *secrets) prepare(username string) error {
	matches, collection, err := s.search(username)
	if err != nil {
		return err
	}
	if _, err := s.unlockCollection(collection); err != nil {
		return err
	}
	for _, m := range matches { // some services lock single items
		if m.locked {
			if err := s.unlock(m.path); err != nil {
				return err
			}
		}
	}
	return nil
}

// keepOnly reads back every item of username, deletes those with other data,
// and reports whether one has this data: another program's item with the
// same attributes would otherwise hide what was just written.
func (s *secrets) keepOnly(username string, data []byte) (bool, error) {
	matches, _, err := s.search(username)
	if err != nil {
		return false, err
	}
	kept := false
	var others []dbus.ObjectPath
	for _, m := range matches {
		value, err := s.read(m.path)
		switch {
		case err == nil && bytes.Equal(value, data):
			kept = true
		case isGone(err): // another writer has just deleted it
			continue
		case err != nil && !errors.Is(err, store.ErrUnreadable):
			return false, err
		default:
			others = append(others, m.path)
		}
	}
	if !kept {
		return false, nil
	}
	for _, path := range others {
		if err := s.call(path, secretItem+".Delete", nil); err != nil && !isGone(err) {
			return false, err
		}
	}
	return true, nil
}
