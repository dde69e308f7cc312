package providers

import (
	"path/filepath"

	"github.com/hauth/hauth/pkg/auth"
)

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
