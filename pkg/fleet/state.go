package fleet

import (
	"encoding/json"
	"sync"
	"time"

	"github.com/hauth/hauth/internal/disk"
)

// maxState bounds the file of a state, in bytes.
const maxState = 4 << 10

// state is when this machine may look at the engine again of its own accord.
// All its processes share it through a small file that holds no secret, so
// that their number does not matter to the engine.
type state struct {
	Check time.Time `json:"check,omitzero"` // whether the local token is still the fleet's
	Ahead time.Time `json:"ahead,omitzero"` // to refresh ahead of the token's end
}

// memory keeps the state: in a file where there is a path, else for this
// process alone.
type memory struct {
	path string
	mu   sync.Mutex
	last state
}

// load returns the zero state, in which everything is due, when there is none
// or it cannot be read.
func (m *memory) load() state {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.path == "" {
		return m.last
	}
	var s state
	data, err := disk.Read(disk.File{Path: m.path, Limit: maxState, Others: disk.MayRead})
	if err != nil || json.Unmarshal(data, &s) != nil {
		return state{}
	}
	return s
}

// update changes the state. What cannot be written is due again: it costs the
// engine a read.
func (m *memory) update(change func(*state)) {
	s := m.load()
	change(&s)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.last = s
	if m.path == "" {
		return
	}
	data, err := json.Marshal(s)
	if err != nil {
		return
	}
	disk.Disk{}.Write(m.path, data)
}

// due reports that at has passed. A time further away than anything here
// plans shows that the clock went back.
func due(at, now time.Time) bool { return !at.After(now) || at.Sub(now) > farthest }

// farthest is more than the longest life of a token.
const farthest = 500 * 24 * time.Hour
