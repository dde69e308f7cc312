package keyring

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/hauth/hauth/internal/disk"
	"github.com/hauth/hauth/pkg/auth"
)

// errCrash is the error of every further step of a process that has crashed.
var errCrash = errors.New("crash")

// A crash at any step of a Set or a Delete leaves the old record or the new one
// readable, and the next process can continue.
func TestBlobsCrash(t *testing.T) {
	ctx, key := context.Background(), tokenTestKey
	small, big := []byte(`{"v":1}`), bytes.Repeat([]byte("old "), 1000)
	newSmall, newBig := []byte(`{"v":1,"n":2}`), bytes.Repeat([]byte("new "), 1000)
	for _, tt := range []struct {
		name     string
		old, new []byte // nil: none; a new nil is a Delete
	}{
		{"nothing to small", nil, newSmall}, {"nothing to big", nil, newBig},
		{"small to small", small, newSmall}, {"small to big", small, newBig},
		{"big to small", big, newSmall}, {"big to big", big, newBig},
		{"small to nothing", small, nil}, {"big to nothing", big, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for survived := 0; ; survived++ {
				dir := filepath.Join(t.TempDir(), "blobs")
				inner := &items{}
				healthy := &blobs{items: inner, dir: dir}
				if tt.old != nil {
					if err := healthy.Set(ctx, key, tt.old); err != nil {
						t.Fatal(err)
					}
				}
				steps := 0
				crash := func() error {
					if steps++; steps > survived {
						return errCrash
					}
					return nil
				}
				inner.step = func(string) error { return crash() }
				dying := &blobs{items: inner, dir: dir, disk: disk.Disk{Step: func(string, string) error { return crash() }}}
				var err error
				if tt.new == nil {
					err = dying.Delete(ctx, key)
				} else {
					err = dying.Set(ctx, key, tt.new)
				}
				inner.step = nil

				got, gotErr := healthy.Get(ctx, key)
				isOld := bytes.Equal(got, tt.old) && (tt.old != nil) == (gotErr == nil)
				isNew := bytes.Equal(got, tt.new) && (tt.new != nil) == (gotErr == nil)
				if !isOld && !isNew || gotErr != nil && !auth.Is(gotErr, auth.NotFound) {
					t.Fatalf("crash after %d steps: %d bytes, %v", survived, len(got), gotErr)
				}
				if err == nil && !isNew {
					t.Fatalf("crash after %d steps: success, and the old record", survived)
				}
				if n := len(blobFiles(t, dir)); n > 2 {
					t.Errorf("crash after %d steps: %d files", survived, n)
				}
				if err := healthy.Set(ctx, key, newBig); err != nil {
					t.Fatalf("crash after %d steps: the next write: %v", survived, err)
				}
				if got, err := healthy.Get(ctx, key); err != nil || !bytes.Equal(got, newBig) {
					t.Fatalf("crash after %d steps: the next read: %v", survived, err)
				}
				if steps <= survived { // it ran to its end
					if err != nil {
						t.Fatal(err)
					}
					return
				}
			}
		})
	}
}
