package fleet

import (
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// TestStateUnderReaders wants each change to be kept while other processes read
// the file: Windows replaces no file that is open, unless its readers agree.
func TestStateUnderReaders(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	m := &memory{path: path}
	m.update(func(s *state) { s.Check = time.Unix(1, 0) })
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			for other := (&memory{path: path}); ; {
				select {
				case <-stop:
					return
				case <-time.After(5 * time.Millisecond):
					if other.load().Check.IsZero() {
						t.Error("a reader finds nothing")
						return
					}
				}
			}
		})
	}
	for i := int64(2); i < 100; i++ {
		m.update(func(s *state) { s.Check = time.Unix(i, 0) })
		if got := (&memory{path: path}).load().Check.Unix(); got != i {
			t.Errorf("the state is %d, not %d", got, i)
			break
		}
	}
	close(stop)
	readers.Wait()
}
