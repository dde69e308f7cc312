//go:build linux

package keyring

import (
	"fmt"

	"github.com/godbus/dbus/v5"
	"github.com/hauth/hauth/pkg/store"
)

// unlockCollection makes sure that the collection is unlocked, and reports
// whether it had to be.
func (s *secrets) unlockCollection(collection dbus.ObjectPath) (bool, error) {
	var locked bool
	if err := s.property(collection, secretCollection, "Locked", &locked); err != nil || !locked {
		return false, err
	}
	return true, s.unlock(collection)
}

// unlock unlocks a collection or an item. Some need no prompt. The service shows
// a prompt only when it is asked to, which unlock does only if a user can
// answer.
func (s *secrets) unlock(path dbus.ObjectPath) error {
	var unlocked []dbus.ObjectPath
	var prompt dbus.ObjectPath
	if err := s.call(secretPath, secretService+".Unlock", []any{[]dbus.ObjectPath{path}}, &unlocked, &prompt); err != nil {
		return err
	}
	switch {
	case prompt == noObject && len(unlocked) == 0, prompt != noObject && !s.attended:
		return store.ErrLocked
	case !prompt.IsValid():
		return fmt.Errorf("%w: a prompt with an invalid path", store.ErrBroken)
	case prompt != noObject:
		return s.prompt(prompt)
	}
	return nil
}

// prompt lets the service ask the user, and waits for the prompt to end or for
// the service to leave the bus.
func (s *secrets) prompt(path dbus.ObjectPath) error {
	for _, rule := range []string{
		"type='signal',interface='" + secretPrompt + "',member='Completed',path='" + string(path) + "'",
		"type='signal',sender='" + busName + "',interface='" + busName + "',member='NameOwnerChanged',arg0='" + secretName + "'",
	} {
		if err := secretError(s.bus.call(busName, busPath, busName+".AddMatch", []any{rule})); err != nil {
			return err
		}
	}
	if err := s.call(path, secretPrompt+".Prompt", []any{""}); err != nil {
		return err
	}
	for {
		m, err := s.bus.waitSignal()
		if err != nil {
			return err
		}
		from, _ := m.Headers[dbus.FieldPath].Value().(dbus.ObjectPath)
		switch member, _ := m.Headers[dbus.FieldMember].Value().(string); {
		case member == "Completed" && from == path:
			var dismissed bool
			var result dbus.Variant
			if err := dbus.Store(m.Body, &dismissed, &result); err != nil {
				return fmt.Errorf("%w: Completed: %w", store.ErrBroken, err)
			}
			if dismissed {
				return store.ErrDeclined
			}
			return nil
		case member == "NameOwnerChanged" && from == busPath:
			return fmt.Errorf("%w: the keyring service exited during its prompt", store.ErrAbsent)
		}
	}
}
