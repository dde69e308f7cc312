package providers

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hauth/hauth/pkg/auth"
)

// fileSuffixes are how the name of a provider file may end. New files get the
// first.
var fileSuffixes = [...]string{".yaml", ".yml"}

// fileOf is the path of a user's provider file; empty: there is none. Two
// that claim one name are an error.
func (c Catalogue) fileOf(name string) (string, error) {
	if c.Dir == "" {
		return "", nil
	}
	var found []string
	for _, suffix := range fileSuffixes {
		if path := filepath.Join(c.Dir, name+suffix); exists(path) {
			found = append(found, path)
		}
	}
	switch len(found) {
	case 0:
		return "", nil
	case 1:
		return found[0], nil
	}
	return "", &auth.Error{
		Kind: auth.Usage, Fact: fmt.Sprintf("both %s and %s describe provider %s", auth.Printable(found[0]), auth.Printable(found[1]), name),
		Remedy: auth.RemedyLookDir, Subject: c.Dir,
	}
}

func (c Catalogue) userNames() []string {
	if c.Dir == "" {
		return nil
	}
	entries, err := os.ReadDir(c.Dir)
	if err != nil {
		return nil // absent is normal; unreadable shows when a name is not found
	}
	var names []string
	for _, entry := range entries {
		name, ok := providerName(entry.Name())
		if ok && !entry.IsDir() && auth.ValidName(name) && !c.IsReserved(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// providerName is the name of the provider that a file is to describe.
func providerName(file string) (string, bool) {
	for _, suffix := range fileSuffixes {
		if name, ok := strings.CutSuffix(file, suffix); ok {
			return name, true
		}
	}
	return "", false
}

// load reads a user's file and finds everything that is wrong with it. A file
// in use is not refused for what a new built-in provider brought.
func (c Catalogue) load(path string, checking bool) (*Provider, Problems, error) {
	src, err := readSpecFile(path, c.holds(path))
	if err != nil {
		return nil, nil, err
	}
	spec, d := decode(src)
	if d.root != nil {
		l := &linter{Spec: spec, decoder: d}
		l.run()
		c.place(l, path, checking)
	}
	d.problems.sort()
	if len(d.problems) > 0 {
		return nil, d.problems, nil
	}
	sum := sha256.Sum256(src)
	return &Provider{
		Spec: spec, source: src, Path: path, Instead: c.IsBuiltIn(spec.Name),
		SHA256: spec.digest(), file: hex.EncodeToString(sum[:]),
	}, nil, nil
}

// holds reports whether path lies in the catalogue's directory.
func (c Catalogue) holds(path string) bool {
	if c.Dir == "" {
		return false
	}
	dir, err := os.Stat(c.Dir)
	if err != nil {
		return false
	}
	parent, err := os.Stat(filepath.Dir(path))
	return err == nil && os.SameFile(dir, parent)
}
