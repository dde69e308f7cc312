package store

import (
	"bytes"
	"context"
	"sync"
)

// items is a keyring in memory.
type items struct {
	mu   sync.Mutex
	data map[Key][]byte
	fits func(key Key, data []byte) bool // nil: everything
	step func(op string) error           // asked before and after each change
}

func (m *items) Get(_ context.Context, key Key) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.at("get"); err != nil {
		return nil, err
	}
	data, ok := m.data[key]
	if !ok {
		return nil, keyringError(operation{"read", key}, "test", ErrNotFound)
	}
	return bytes.Clone(data), nil
}

func (m *items) Set(_ context.Context, key Key, data []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.at("before set"); err != nil {
		return err
	}
	if m.fits != nil && !m.fits(key, data) {
		return keyringError(operation{"store", key}, "test", ErrTooBig)
	}
	if m.data == nil {
		m.data = make(map[Key][]byte)
	}
	m.data[key] = bytes.Clone(data)
	return m.at("after set")
}

func (m *items) Delete(_ context.Context, key Key) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.at("before delete"); err != nil {
		return err
	}
	delete(m.data, key)
	return m.at("after delete")
}

func (m *items) at(op string) error {
	if m.step == nil {
		return nil
	}
	return m.step(op)
}
