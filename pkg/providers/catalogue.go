package providers

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hauth/hauth/internal/text"
	"github.com/hauth/hauth/pkg/auth"
)

// Provider is a Spec and where it came from.
type Provider struct {
	*Spec
	BuiltIn bool
	Instead bool   // a user's file that is used instead of the built-in provider of the same name
	Path    string // empty for a built-in
	SHA256  string // lower-case hexadecimal digest of what binds an account; empty for a built-in, which changes with hauth itself

	source []byte // the file as it stands; a built-in's is read by File
	file   string // digest of source, which accounts were bound to at first
}

// File is the provider's file as it stands. A built-in's is unpacked anew each
// time, which a token that is stored already must not pay for.
func (p *Provider) File() []byte {
	if p.BuiltIn {
		return builtinSource(p.Name)
	}
	return p.source
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

// Find returns the provider of that name. A user's file comes before a
// built-in provider, except those of [Catalogue.IsReserved]: it was there
// first, and an update of hauth must not change what an account does. An
// unknown name is an *auth.Error of kind NotFound with the nearest ones, a
// broken file one of kind Usage with its path and line. A built-in costs one
// look into the user's directory and no YAML.
func (c Catalogue) Find(name string) (*Provider, error) {
	if !auth.ValidName(name) {
		near, _, _ := strings.Cut(name, "/") // an account's name has its provider first
		return nil, &auth.Error{
			Kind:   auth.Usage,
			Fact:   fmt.Sprintf("invalid provider name %q", auth.Printable(name)),
			Remedy: auth.RemedyName, Near: []string{strings.ToLower(strings.ReplaceAll(near, "_", "-"))},
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
			return &Provider{Spec: spec, BuiltIn: true}, nil
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

// Check lints a provider file wherever it is. The error, of kind Usage, has
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

func (c Catalogue) unknown(name string) error {
	return &auth.Error{Kind: auth.NotFound, Fact: fmt.Sprintf("unknown provider %q", name), Remedy: auth.RemedyNearest, Subject: "provider", Near: text.Nearest(name, c.Names())}
}
