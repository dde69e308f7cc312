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
	Instead bool   // a user's file that is used instead of the built-in provider of the same name
	Path    string // empty for a built-in
	SHA256  string // lower-case hexadecimal digest of what binds an account; empty for a built-in, which changes with hauth itself

	file string // digest of Source, which accounts were bound to at first
}

// Accepts reports whether an account that is bound to a digest may use the
// provider as it is now.
func (p *Provider) Accepts(digest string) bool {
	return digest == p.SHA256 || digest == p.file && digest != ""
}

// Catalogue is the built-in providers and the user's own.
type Catalogue struct {
	Dir string // the user's providers directory; may be absent or empty
}

// fileSuffixes are how the name of a provider file may end. New files get the
// first.
var fileSuffixes = [...]string{".yaml", ".yml"}

// Find returns the provider of that name. A user's file comes before a
// built-in provider, except those of [Catalogue.IsReserved]: it was there
// first, and an update of hauth must not change what an account does. An
// unknown name is an *auth.Error of kind NotFound with the nearest ones, a
// broken file one of kind Usage with its path and line. A built-in costs one
// look into the user's directory and no YAML.
func (c Catalogue) Find(name string) (*Provider, error) {
	if !auth.ValidName(name) {
		return nil, &auth.Error{
			Kind:   auth.Usage,
			Fact:   fmt.Sprintf("invalid provider name %q", auth.Printable(name)),
			Remedy: auth.RemedyName,
		}
	}
	var path string
	var err error
	if !c.IsReserved(name) {
		path, err = c.fileOf(name)
	}
	switch {
	case err != nil:
		return nil, err
	case path == "":
		if spec := builtin(name); spec != nil {
			return &Provider{Spec: spec, Source: builtinSource(name), BuiltIn: true}, nil
		}
		return nil, c.unknown(name)
	}
	p, problems, err := c.load(path, false)
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
	p, problems, err := c.load(path, true)
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
	names := builtinNames()
	for _, name := range c.userNames() {
		if !c.IsBuiltIn(name) {
			names = append(names, name)
		}
	}
	return names
}

// IsBuiltIn reports whether hauth brings a provider of that name.
func (c Catalogue) IsBuiltIn(name string) bool { return slices.Contains(builtinNames(), name) }

// IsReserved reports a built-in name that a user's file cannot take. Others
// came when users may have had files of these names.
func (c Catalogue) IsReserved(name string) bool {
	switch name {
	case "123pan", "hitem3d", "wahool", "wahool-authorization":
		return true
	}
	return false
}

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

func (c Catalogue) unknown(name string) error {
	return &auth.Error{Kind: auth.NotFound, Fact: fmt.Sprintf("unknown provider %q", name), Remedy: auth.RemedyNearest, Subject: "provider", Near: text.Nearest(name, c.Names())}
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
		Spec: spec, Source: src, Path: path, Instead: c.IsBuiltIn(spec.Name),
		SHA256: spec.digest(), file: hex.EncodeToString(sum[:]),
	}, nil, nil
}

// place checks what depends on the other providers and on where the file is.
func (c Catalogue) place(l *linter, path string, checking bool) {
	if !auth.ValidName(l.Name) {
		return
	}
	if c.IsReserved(l.Name) {
		l.problem("name", "%s is a built-in provider; choose another name", l.Name)
		return
	}
	if c.holds(path) {
		if name, _ := providerName(filepath.Base(path)); name != l.Name {
			l.problem("name", "the file of provider %s must be named %s", l.Name, l.Name+fileSuffixes[0])
		}
	}
	for _, name := range c.Names() {
		if name == l.Name || !checking && c.IsBuiltIn(name) && !c.IsReserved(name) {
			continue
		}
		if other := c.neighbour(l.Name, name); other != nil {
			if env := sharedEnv(l.Spec, other); env != "" {
				l.problem("vars", "environment variable %s belongs to provider %s as well; rename a variable or the provider", env, name)
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
	if path, err := c.fileOf(other); err == nil && path != "" && !c.IsReserved(other) {
		src, err := readSpecFile(path, true)
		if err != nil {
			return nil
		}
		if spec, problems := parse(src); len(problems) == 0 {
			return spec
		}
		return nil
	}
	return builtin(other)
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
