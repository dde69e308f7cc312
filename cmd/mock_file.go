package cmd

import (
	"slices"

	"github.com/hauth/hauth/internal/mockvendor"
	"github.com/hauth/hauth/pkg/providers"
)

// mockVendors adds to the options the vendors that --provider names: those for
// which the mock has code of its own, which knows more than a file can say,
// and all others by their provider files.
func (a *app) mockVendors(o *mockvendor.Options, names []string) error {
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			continue
		}
		p, err := a.catalogue().Find(name)
		if err != nil {
			return err
		}
		if p.BuiltIn && slices.Contains(mockvendor.BuiltIn(), name) {
			o.BuiltIn = append(o.BuiltIn, name)
			continue
		}
		o.Files = append(o.Files, mockFile(p.Spec))
	}
	return nil
}

// mockFile is what the mock needs to know of a provider file.
func mockFile(s *providers.Spec) mockvendor.File {
	f := mockvendor.File{
		Provider: s.Name, Endpoint: s.Endpoint,
		Method: s.Request.Method, Path: s.Request.Path, Headers: s.Request.Headers, Query: s.Request.Query,
		JSON: s.Request.JSON, Form: s.Request.Form, Basic: s.Request.Basic,
		OK: s.OK, Token: s.Token, Codes: s.Codes, Live: s.Limits.Live,
		Error: mockvendor.FileError(s.Error),
		Use:   mockvendor.FileUse{Headers: s.Use.Headers, Query: s.Use.Query, Form: s.Use.Form},
	}
	for _, v := range s.Vars {
		f.Vars = append(f.Vars, mockvendor.FileVar{Name: v.Name, Secret: v.Secret})
	}
	for _, e := range s.Expires {
		f.Expires = append(f.Expires, mockvendor.FileExpiry{At: e.At, As: e.As, After: e.After})
	}
	return f
}
