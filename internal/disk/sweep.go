package disk

import (
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const (
	tempSuffix = ".tmp"
	tempAge    = time.Hour // longer than any write takes
)

// MaxSweep is how many entries of a directory one sweep examines.
const MaxSweep = 1000

// sweep removes what interrupted writes left in dir. Errors are ignored: the next
// write tries again.
func (d Disk) sweep(dir string) {
	f, err := os.Open(dir)
	if err != nil {
		return
	}
	defer f.Close()
	entries, _ := f.ReadDir(MaxSweep)
	for _, e := range entries {
		if !IsTemp(e.Name()) && (d.Stale == nil || !d.Stale(e.Name())) || !e.Type().IsRegular() {
			continue
		}
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > tempAge {
			d.remove(filepath.Join(dir, e.Name()))
		}
	}
}

// IsTemp recognises the names that WriteTemp makes, and no others.
func IsTemp(name string) bool {
	rest, ok := strings.CutSuffix(name, tempSuffix)
	if !ok || len(rest) < 17 || rest[len(rest)-17] != '.' {
		return false
	}
	_, err := hex.DecodeString(rest[len(rest)-16:])
	return err == nil
}
