//go:build !linux

package cmd

import (
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"

	"github.com/hauth/hauth/internal/disk"
)

// inheritedFile writes data to a temporary file, which must be removed when
// the program that reads it has ended.
func inheritedFile(data []byte) (path string, remove func(), err error) {
	f, err := disk.OpenPrivate(filepath.Join(os.TempDir(), "hauth-"+rand.Text()+".pem"), os.O_WRONLY)
	if err != nil {
		return "", nil, err
	}
	remove = func() { os.Remove(f.Name()) }
	_, err = f.Write(data)
	if err := errors.Join(err, f.Close()); err != nil {
		remove()
		return "", nil, err
	}
	return f.Name(), remove, nil
}
