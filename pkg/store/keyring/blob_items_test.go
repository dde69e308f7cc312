package keyring

import (
	"bytes"
	"context"
	"sync"

	"github.com/hauth/hauth/pkg/store"
)

// items is a keyring in memory.
type items struct {
	mu   sync.Mutex
	data map[store.Key][]byte
	fits func(key store.Key, data []byte) bool // nil: everything
	step func(op string) error                 // asked before and after each change
}

func (m *items) Get(_ context.Context, key store.Key) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.at("get"); err != nil {
		return nil, err
	}
	data, ok := m.data[key]
	if !ok {
		return nil, failure(operation{"read", key}, "test", store.ErrNotFound)
	}
	return bytes.Clone(data), nil
}

func (m *items) Set(_ context.Context, key store.Key, data []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.at("before set"); err != nil {
		return err
	}
	if m.fits != nil && !m.fits(key, data) {
		return failure(operation{"store", key}, "test", store.ErrTooBig)
	}
	if m.data == nil {
		m.data = make(map[store.Key][]byte)
	}
	m.data[key] = bytes.Clone(data)
	return m.at("after set")
}

func (m *items) Delete(_ context.Context, key store.Key) error {
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
