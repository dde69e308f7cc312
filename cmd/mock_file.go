package cmd

import (
	"slices"

	"github.com/hauth/hauth/internal/mockvendor"
	"github.com/hauth/hauth/pkg/providers"
)

// mockVendors adds to the options the vendors that --provider names: those for
// which the mock has its own code, which knows more than a file can express,
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
		file, err := mockFile(p.Spec)
		if err != nil {
			return err
		}
		o.Files = append(o.Files, file)
	}
	return nil
}

// mockFile is what the mock needs to know of a provider file. An error says why
// the mock cannot stand in for such a vendor.
func mockFile(s *providers.Spec) (mockvendor.File, error) {
	f := mockvendor.File{
		Provider: s.Name, Endpoint: s.Endpoint,
		Method: s.Request.Method, Path: s.Request.Path, Headers: s.Request.Headers, Query: s.Request.Query,
		JSON: s.Request.JSON, AsText: s.Request.AsText, Form: s.Request.Form,
		Basic: s.Request.Basic, BasicForm: s.Request.BasicForm,
		JWT: mockvendor.FileJWT(s.JWT), Sign: mockvendor.FileSign(s.Sign),
		OK: s.OK, Token: s.Token, Error: mockvendor.FileError(s.Error), Codes: s.Codes,
		Use: mockvendor.FileUse(s.Use), Live: s.Limits.Live, Rotate: s.Rotate, Keep: s.Keep,
	}
	if len(s.API) > 0 {
		f.API = s.API[0]
	}
	for _, v := range s.Vars {
		f.Vars = append(f.Vars, mockvendor.FileVar{Name: v.Name, Is: v.Is, Default: v.Default, Secret: v.Secret, Optional: v.Optional})
	}
	for _, e := range s.Expires {
		f.Expires = append(f.Expires, mockvendor.FileExpiry(e))
	}
	switch {
	case len(s.Command) > 0:
		return f, usage("hauth mock stands in for a vendor's endpoint only", "%s gets its token from a program on this machine", s.Name)
	case f.MakesPath():
		return f, usage("", "the mock cannot serve %s: its path differs from request to request", s.Name)
	}
	return f, nil
}
