package providers

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hauth/hauth/internal/text"
	"github.com/hauth/hauth/pkg/auth"
)

// Provider is a Spec and where it came from.
type Provider struct {
	*Spec
	Source  []byte // the file as it stands
	BuiltIn bool
	Path    string // empty for a built-in
	SHA256  string // lower-case hexadecimal digest of Source; empty for a built-in, which changes with hauth itself
}

// Catalogue is the built-in providers and the user's own.
type Catalogue struct {
	Dir string // the user's providers directory; may be absent or empty
}

// fileSuffix is how the name of a provider file ends.
const fileSuffix = ".yaml"

// Find returns the provider of that name. An unknown one is an *auth.Error of
// kind NotFound with the nearest names, a broken file one of kind
// Usage with its path and line. A built-in costs no file and no YAML.
func (c Catalogue) Find(name string) (*Provider, error) {
	if spec := builtin(name); spec != nil {
		return &Provider{Spec: spec, Source: builtinSource(name), BuiltIn: true}, nil
	}
	if !auth.ValidName(name) {
		return nil, &auth.Error{
			Kind:   auth.Usage,
			Fact:   fmt.Sprintf("invalid provider name %q", auth.Printable(name)),
			Remedy: auth.RemedyName,
		}
	}
	path := filepath.Join(c.Dir, name+fileSuffix)
	if c.Dir == "" || !exists(path) {
		return nil, c.unknown(name)
	}
	p, problems, err := c.load(path)
	if err != nil {
		return nil, err
	}
	if len(problems) > 0 {
		return nil, &auth.Error{
			Kind:   auth.Usage,
			Fact:   problems[:1].In(path),
			Remedy: auth.RemedyCheckFile, Subject: path,
		}
	}
	return p, nil
}

// Check lints a provider file wherever it lies. The error, of kind Usage, has
// every problem, one a line, as "PATH:LINE: reason"; without LINE where the
// file as a whole is refused.
func (c Catalogue) Check(path string) (*Provider, error) {
	p, problems, err := c.load(path)
	if err != nil {
		return nil, err
	}
	if len(problems) > 0 {
		return nil, &auth.Error{Kind: auth.Usage, Fact: problems.In(path)}
	}
	return p, nil
}

// Names lists the built-in providers in their own order, then the user's,
// sorted. A file that is broken is listed by its name.
func (c Catalogue) Names() []string {
	return append(builtinNames(), c.userNames()...)
}

// IsBuiltIn reports whether name is a built-in provider's.
func (c Catalogue) IsBuiltIn(name string) bool { return slices.Contains(builtinNames(), name) }

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
		name, ok := strings.CutSuffix(entry.Name(), fileSuffix)
		if ok && !entry.IsDir() && auth.ValidName(name) && !c.IsBuiltIn(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func (c Catalogue) unknown(name string) error {
	return &auth.Error{Kind: auth.NotFound, Fact: fmt.Sprintf("unknown provider %q", name), Remedy: auth.RemedyNearest, Subject: "provider", Near: text.Nearest(name, c.Names())}
}

// load reads a user's file and finds everything that is wrong with it.
func (c Catalogue) load(path string) (*Provider, Problems, error) {
	src, err := readSpecFile(path, c.holds(path))
	if err != nil {
		return nil, nil, err
	}
	spec, d := decode(src)
	if d.root != nil {
		l := &linter{Spec: spec, decoder: d}
		l.run()
		c.place(l, path)
	}
	d.problems.sort()
	sum := sha256.Sum256(src)
	return &Provider{Spec: spec, Source: src, Path: path, SHA256: hex.EncodeToString(sum[:])}, d.problems, nil
}

// place checks what depends on the other providers and on where the file is.
func (c Catalogue) place(l *linter, path string) {
	if !auth.ValidName(l.Name) {
		return
	}
	if c.IsBuiltIn(l.Name) {
		l.problem("name", "%s is a built-in provider; choose another name", l.Name)
		return
	}
	if want := l.Name + fileSuffix; c.holds(path) && filepath.Base(path) != want {
		l.problem("name", "the file of provider %s must be named %s", l.Name, want)
	}
	for _, name := range c.Names() {
		if other := c.neighbour(l.Name, name); other != nil {
			if env := sharedEnv(l.Spec, other); env != "" {
				l.problem("vars", "environment name %s belongs to provider %s as well; rename a variable or the provider", env, name)
			}
		}
	}
}

// neighbour returns the other provider if its environment names may meet
// name's. A broken file has none.
func (c Catalogue) neighbour(name, other string) *Spec {
	if !mayShareEnv(name, other) {
		return nil
	}
	if spec := builtin(other); spec != nil {
		return spec
	}
	src, err := readSpecFile(filepath.Join(c.Dir, other+fileSuffix), true)
	if err != nil {
		return nil
	}
	spec, problems := parse(src)
	if len(problems) > 0 {
		return nil
	}
	return spec
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
