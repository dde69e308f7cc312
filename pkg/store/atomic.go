package store

import (
	"crypto/rand"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// disk is how this package changes the file system. Step, when set, is asked
// before each change and can fail it; tests use it to stop a save at every
// step. The zero disk is the real one.
type disk struct{ step func(op, path string) error }

func (d disk) before(op, path string) error {
	if d.step == nil {
		return nil
	}
	return d.step(op, path)
}

// writeFile replaces the file at path by one with data, or leaves it as it
// was. The error is an *auth.Error of kind Store that names path and reason.
func writeFile(path string, data []byte) error { return disk{}.write(path, data) }

func (d disk) write(path string, data []byte) error { return d.writeIf(path, data, nil) }

// writeIf is write, but asks still, unless it is nil, when nothing but the
// renaming is left, and gives up with its error.
func (d disk) writeIf(path string, data []byte, still func() error) error {
	tmp, err := d.writeTemp(path, data)
	if err != nil {
		return cannot("write", path, err)
	}
	if still != nil {
		if err := still(); err != nil {
			d.remove(tmp)
			return err
		}
	}
	if err := d.rename(tmp, path); err != nil {
		d.remove(tmp)
		return cannot("write", path, err)
	}
	dir := filepath.Dir(path)
	if err := d.syncDir(dir); err != nil {
		return cannot("write", path, err)
	}
	d.sweepTemps(dir)
	return nil
}

// writeTemp puts data, synced, into a new file beside path and returns its
// name. Directories that are missing are made.
func (d disk) writeTemp(path string, data []byte) (string, error) {
	if err := d.mkdir(filepath.Dir(path)); err != nil {
		return "", err
	}
	var random [8]byte
	rand.Read(random[:])
	tmp := path + "." + hex.EncodeToString(random[:]) + tempSuffix
	if err := d.before("create", tmp); err != nil {
		return "", err
	}
	f, err := os.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", err
	}
	if err = d.before("write", tmp); err == nil {
		_, err = f.Write(data)
	}
	if err == nil {
		if err = d.before("sync", tmp); err == nil {
			err = f.Sync()
		}
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		d.remove(tmp)
		return "", err
	}
	return tmp, nil
}

func (d disk) mkdir(dir string) error {
	if err := d.before("mkdir", dir); err != nil {
		return err
	}
	return os.MkdirAll(dir, 0o700)
}

func (d disk) rename(from, to string) error {
	if err := d.before("rename", to); err != nil {
		return err
	}
	return rename(from, to)
}

func (d disk) syncDir(dir string) error {
	if err := d.before("syncdir", dir); err != nil {
		return err
	}
	return syncDir(dir)
}

// remove deletes a file; one that is not there is no error.
func (d disk) remove(path string) error {
	if err := d.before("remove", path); err != nil {
		return err
	}
	if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
		return err
	}
	return nil
}

const (
	tempSuffix = ".tmp"
	tempAge    = time.Hour // no writer takes that long
	sweepMost  = 1000      // directory entries that one sweep looks at
)

// sweepTemps removes what writers that crashed left in dir. It is a courtesy:
// what it cannot do is left to the next one.
func (d disk) sweepTemps(dir string) {
	f, err := os.Open(dir)
	if err != nil {
		return
	}
	defer f.Close()
	entries, _ := f.ReadDir(sweepMost)
	for _, e := range entries {
		if !isTemp(e.Name()) && !isProbe(e.Name()) || !e.Type().IsRegular() {
			continue
		}
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > tempAge {
			d.remove(filepath.Join(dir, e.Name()))
		}
	}
}

// isTemp recognises the names that writeTemp makes, and no others.
func isTemp(name string) bool {
	rest, ok := strings.CutSuffix(name, tempSuffix)
	if !ok || len(rest) < 17 || rest[len(rest)-17] != '.' {
		return false
	}
	_, err := hex.DecodeString(rest[len(rest)-16:])
	return err == nil
}
