package store

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/hauth/hauth/internal/disk"
	"github.com/hauth/hauth/pkg/auth"
)

// A sealed file is header, nonce and ciphertext; the package comment gives
// the header. The expiry is in it so that a sweep, which has no key, can tell
// whether the file is still of use.
const (
	sealedMagic  = "hauth-sealed"
	sealedHeader = len(sealedMagic) + 1 + 8
	sealedNonce  = 12 // bytes; the standard nonce of GCM
	sealedTag    = 16 // bytes
	maxSealed    = MaxRecord + sealedHeader + sealedNonce + sealedTag
)

func sealedAEAD(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

func sealToken(key []byte, expiry time.Time, data []byte) ([]byte, error) {
	aead, err := sealedAEAD(key)
	if err != nil {
		return nil, &auth.Error{Kind: auth.Internal, Fact: "cannot seal the token", Err: err}
	}
	header := append([]byte(sealedMagic), recordVersion)
	header = binary.BigEndian.AppendUint64(header, uint64(expiry.Unix()))
	return aead.Seal(header, nil, data, header), nil
}

// unsealToken opens a file that sealToken made with the same key; any other is
// ErrUnreadable, or ErrNewer by its header.
func unsealToken(key, file []byte) ([]byte, error) {
	version, _, ok := sealedHead(file)
	switch {
	case ok && version > recordVersion:
		return nil, ErrNewer
	case !ok || version != recordVersion:
		return nil, unreadable("it is not a sealed token")
	}
	aead, err := sealedAEAD(key)
	if err != nil {
		return nil, err
	}
	data, err := aead.Open(nil, nil, file[sealedHeader:], file[:sealedHeader])
	if err != nil {
		return nil, unreadable("it is damaged")
	}
	return data, nil
}

func sealedHead(file []byte) (version byte, expiry time.Time, ok bool) {
	if len(file) < sealedHeader || !bytes.HasPrefix(file, []byte(sealedMagic)) {
		return 0, time.Time{}, false
	}
	seconds := binary.BigEndian.Uint64(file[sealedHeader-8 : sealedHeader])
	return file[len(sealedMagic)], time.Unix(int64(seconds), 0), true
}

// sealedAge is how long after its expiry a sealed token is kept.
const sealedAge = 30 * 24 * time.Hour

// sweepSealed removes the sealed tokens, and their attempts, of secrets that are
// not in use any more. Each save looks at a bounded number of files; lock files
// stay. Errors are ignored: the next save tries again.
func sweepSealed(d disk.Disk, dir string, now time.Time) {
	f, err := os.Open(dir)
	if err != nil {
		return
	}
	defer f.Close()
	entries, _ := f.ReadDir(disk.MaxSweep)
	for _, e := range entries {
		if raw, err := hex.DecodeString(e.Name()); err != nil || len(raw) != 16 {
			continue
		}
		info, err := e.Info()
		if err != nil || now.Sub(info.ModTime()) < sealedAge {
			continue // too young to be worth opening
		}
		path := filepath.Join(dir, e.Name())
		file, err := disk.Read(disk.File{Path: path, Limit: maxSealed})
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if _, expiry, ok := sealedHead(file); err == nil && ok && now.Sub(expiry) > sealedAge {
			d.Remove(path)
			d.Remove(path + ".attempts")
		}
	}
}
