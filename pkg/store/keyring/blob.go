package keyring

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/hauth/hauth/internal/disk"
	"github.com/hauth/hauth/internal/text"
	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/store"
)

// maxInline is the largest record, in bytes, that is stored in a keyring
// item. Windows allows 2560; on macOS the record, in base64, and the names
// of the item must fit into one line of 4096 bytes.
const maxInline = 2400

// blobs keeps records over maxInline bytes in encrypted files, and in the
// keyring a pointer to each, with its key. Writing the pointer is the commit:
// before it the old record is valid, after it the new one. A blob that no
// pointer refers to cannot be opened by anyone.
type blobs struct {
	items store.Backend
	dir   string // empty: large records are refused
	disk  disk.Disk
}

func withBlobs(items store.Backend, dir string) store.Backend { return &blobs{items: items, dir: dir} }

// Get implements Backend.
func (b *blobs) Get(ctx context.Context, key store.Key) ([]byte, error) {
	data, err := b.items.Get(ctx, key)
	if err != nil {
		return nil, err
	}
	var earlier pointer
	for {
		p, ok := parsePointer(data)
		if !ok {
			return data, nil
		}
		record, err := b.open(p, key)
		switch {
		case err == nil:
			return record, nil
		case !errors.Is(err, fs.ErrNotExist) || p == earlier:
			return nil, err
		}
		// A writer deletes the old blob after its commit. A reader that has the
		// old pointer finds the new one now.
		earlier = p
		if data, err = b.items.Get(ctx, key); err != nil {
			return nil, err
		}
	}
}

// Set implements Backend.
func (b *blobs) Set(ctx context.Context, key store.Key, data []byte) error {
	old := b.pointed(ctx, key)
	item := data
	var p pointer
	if _, ambiguous := parsePointer(data); ambiguous || len(data) > maxInline {
		if b.dir == "" || len(data) > store.MaxRecord {
			return b.failure("store", key, fmt.Errorf("%w: %d bytes", store.ErrTooBig, len(data)))
		}
		sealed := []byte(nil)
		p, sealed = seal(data, username(key))
		if err := b.disk.Write(b.path(p), sealed); err != nil {
			return err
		}
		item = p.encode()
	}
	if err := b.items.Set(ctx, key, item); err != nil {
		// A blob that may be in use is kept: the keyring's pointer is known
		// only if it can be read.
		if p != (pointer{}) {
			if now, e := b.items.Get(ctx, key); auth.Is(e, auth.NotFound) || e == nil && !bytes.Equal(now, item) {
				b.sweep(p)
			}
		}
		return err
	}
	b.sweep(old)
	return nil
}

// Delete implements Backend.
func (b *blobs) Delete(ctx context.Context, key store.Key) error {
	old := b.pointed(ctx, key)
	if err := b.items.Delete(ctx, key); err != nil {
		return err
	}
	b.sweep(old)
	return nil
}

// pointed returns the pointer that key's item holds now. If no blob has ever
// been written, the keyring is not asked.
func (b *blobs) pointed(ctx context.Context, key store.Key) pointer {
	if b.dir == "" {
		return pointer{}
	}
	if _, err := os.Stat(b.dir); err != nil {
		return pointer{}
	}
	data, err := b.items.Get(ctx, key)
	if err != nil {
		return pointer{}
	}
	p, _ := parsePointer(data)
	return p
}

// sweep removes a blob that no pointer refers to any more. An error does no
// harm: the key is gone.
func (b *blobs) sweep(p pointer) {
	if p != (pointer{}) {
		b.disk.Remove(b.path(p))
	}
}

func (b *blobs) path(p pointer) string { return filepath.Join(b.dir, p.Blob) }

// open reads and opens the blob that p points to. Only a blob that can never
// be opened is ErrUnreadable: one that cannot be read at the moment may be
// intact.
func (b *blobs) open(p pointer, key store.Key) ([]byte, error) {
	damaged := func(err error) error {
		return b.failure("read", key, fmt.Errorf("%w: %w", store.ErrUnreadable, err))
	}
	if b.dir == "" {
		return nil, damaged(errors.New("it is in a file, and no directory for files was given"))
	}
	sealed, err := disk.Read(disk.File{Path: b.path(p), Limit: store.MaxRecord + sealOverhead})
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, store.ErrTooBig):
		return nil, damaged(fmt.Errorf("its file: %w", text.WithoutPath(err)))
	case err != nil:
		return nil, disk.Cannot("read", b.path(p), err)
	}
	record, err := p.open(sealed, username(key))
	if err != nil {
		return nil, damaged(err)
	}
	return record, nil
}

func (b *blobs) failure(verb string, key store.Key, err error) error {
	return failure(operation{verb, key}, defaultCollection, err)
}
