package hauth

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"filippo.io/age"

	"github.com/hauth/hauth/internal/disk"
	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/providers"
)

// exportVersion is the version of the content of an export.
const exportVersion = 1

// maxExport bounds an export, in bytes.
const maxExport = 32 << 20

// exportWork is the work factor of scrypt, as a power of two: about a second
// for each try of a passphrase. A larger one is refused when reading.
const exportWork = 18

// Export is what a file carries to another machine: credentials and the user's
// own provider files, but no tokens. docs/formats.md describes the content.
type Export struct {
	V         int              `json:"v"`
	Accounts  []exportAccount  `json:"accounts"`
	Providers []exportProvider `json:"providers,omitempty"`
}

type exportAccount struct {
	Account      string            `json:"account"`
	ID           string            `json:"id"`
	Endpoint     string            `json:"endpoint"`
	API          string            `json:"api,omitempty"`
	Fleet        string            `json:"fleet,omitempty"`
	SpecSHA256   string            `json:"spec_sha256,omitempty"`
	InsecureHTTP bool              `json:"insecure_http,omitempty"`
	CAFile       string            `json:"ca_file,omitempty"`
	Vars         map[string]string `json:"vars"`
}

type exportProvider struct {
	Name string `json:"name"`
	File string `json:"file"`
}

// Export writes stored accounts to w, sealed with a passphrase in the format
// of age. Nothing is written unless all of them could be read.
func (c *Client) Export(ctx context.Context, accounts []auth.Account, passphrase auth.Secret, w io.Writer) error {
	e := Export{V: exportVersion}
	seen := map[string]bool{}
	for _, name := range accounts {
		a, err := c.OpenStored(name)
		if err != nil {
			return err
		}
		creds, err := a.Credentials(ctx)
		if err != nil {
			return err
		}
		vars := map[string]string{}
		for name, value := range creds.Vars {
			vars[name] = value.Reveal()
		}
		e.Accounts = append(e.Accounts, exportAccount{
			Account: name.Full(), ID: creds.ID, Endpoint: creds.Endpoint, API: creds.API, Fleet: creds.Fleet, SpecSHA256: creds.SpecSHA256,
			InsecureHTTP: creds.InsecureHTTP, CAFile: creds.CAFile, Vars: vars,
		})
		provider, err := a.Provider()
		if err != nil {
			return err
		}
		if !provider.BuiltIn && !seen[provider.Name] {
			seen[provider.Name] = true
			e.Providers = append(e.Providers, exportProvider{provider.Name, string(provider.File())})
		}
	}
	return sealExport(e, passphrase, w)
}

func sealExport(e Export, passphrase auth.Secret, w io.Writer) error {
	content, err := json.Marshal(e)
	if err != nil {
		return &auth.Error{Kind: auth.Internal, Fact: "cannot write the export", Err: err}
	}
	recipient, err := age.NewScryptRecipient(passphrase.Reveal())
	if err != nil {
		return &auth.Error{Kind: auth.Usage, Fact: "cannot use this passphrase", Err: err}
	}
	recipient.SetWorkFactor(exportWork)
	var sealed bytes.Buffer
	enc, err := age.Encrypt(&sealed, recipient)
	if err == nil {
		_, err = enc.Write(content)
	}
	if err == nil {
		err = enc.Close()
	}
	if err == nil {
		_, err = w.Write(sealed.Bytes())
	}
	if err != nil {
		return &auth.Error{Kind: auth.Internal, Fact: "cannot write the export", Err: err}
	}
	return nil
}

// OpenExport opens a file that Export has written. It is read whole and checked
// before anything can be imported: a wrong passphrase or a file that was cut
// changes nothing.
func OpenExport(r io.Reader, passphrase auth.Secret) (*Export, error) {
	sealed, err := io.ReadAll(io.LimitReader(r, maxExport+1))
	if err != nil {
		return nil, &auth.Error{Kind: auth.Usage, Fact: "cannot read the export", Err: err}
	}
	if len(sealed) > maxExport {
		return nil, &auth.Error{Kind: auth.Usage, Fact: "this is not a hauth export: the file is too large"}
	}
	identity, err := age.NewScryptIdentity(passphrase.Reveal())
	if err != nil {
		return nil, &auth.Error{Kind: auth.Usage, Fact: "cannot use this passphrase", Err: err}
	}
	identity.SetMaxWorkFactor(exportWork + 2)
	plain, err := age.Decrypt(bytes.NewReader(sealed), identity)
	if err != nil {
		var wrong *age.NoIdentityMatchError
		if errors.As(err, &wrong) {
			return nil, &auth.Error{Kind: auth.Usage, Fact: "the passphrase does not open this file"}
		}
		return nil, &auth.Error{Kind: auth.Usage, Fact: "this is not a hauth export, or it is damaged"}
	}
	content, err := io.ReadAll(io.LimitReader(plain, maxExport))
	if err != nil {
		return nil, &auth.Error{Kind: auth.Usage, Fact: "the export is damaged or incomplete"}
	}
	var e Export
	if err := json.Unmarshal(content, &e); err != nil || e.V < 1 {
		return nil, &auth.Error{Kind: auth.Usage, Fact: "the file's content is not a hauth export"}
	}
	if e.V > exportVersion {
		return nil, &auth.Error{Kind: auth.Usage, Fact: "the export was written by a newer version of hauth", Remedy: auth.RemedyUpdate}
	}
	for _, a := range e.Accounts {
		if _, err := auth.ParseAccount(a.Account); err != nil || a.ID == "" || a.Endpoint == "" {
			return nil, &auth.Error{Kind: auth.Usage, Fact: "the export's content is incomplete"}
		}
	}
	for _, p := range e.Providers {
		if !auth.ValidName(p.Name) {
			return nil, &auth.Error{Kind: auth.Usage, Fact: "the export's content is incomplete"}
		}
	}
	return &e, nil
}

// Names are the accounts in the export.
func (e *Export) Names() []auth.Account {
	var names []auth.Account
	for _, a := range e.Accounts {
		name, _ := auth.ParseAccount(a.Account) // OpenExport has checked it
		names = append(names, name)
	}
	return names
}

// PrepareImport returns what a login needs to store one account of the export,
// and installs its provider's file if there is none yet. An existing account,
// or another file of that name, is an error unless replace.
func (c *Client) PrepareImport(e *Export, name auth.Account, replace bool) (*providers.Provider, auth.Credentials, error) {
	provider, creds, err := c.prepareImport(e, name, replace)
	return provider, creds, named(name, err)
}

func (c *Client) prepareImport(e *Export, name auth.Account, replace bool) (*providers.Provider, auth.Credentials, error) {
	i := slices.IndexFunc(e.Accounts, func(a exportAccount) bool { return a.Account == name.Full() })
	if i < 0 {
		return nil, auth.Credentials{}, &auth.Error{Kind: auth.NotFound, Fact: "not in the export"}
	}
	if _, err := c.OpenStored(name); !replace && !auth.Is(err, auth.NotFound) {
		if err == nil {
			err = &auth.Error{Kind: auth.Usage, Fact: "the account already exists", Remedy: auth.RemedyReplace}
		}
		return nil, auth.Credentials{}, err
	}
	if err := c.importProvider(e, name.Provider, replace); err != nil {
		return nil, auth.Credentials{}, err
	}
	provider, err := c.Catalogue().Find(name.Provider)
	if err != nil {
		return nil, auth.Credentials{}, err
	}
	a := e.Accounts[i]
	creds := auth.Credentials{
		ID: a.ID, Endpoint: a.Endpoint, API: a.API, Fleet: a.Fleet, SpecSHA256: a.SpecSHA256, InsecureHTTP: a.InsecureHTTP, CAFile: a.CAFile,
		Vars: map[string]auth.Secret{},
	}
	for name, value := range a.Vars {
		creds.Vars[name] = auth.NewSecret(value)
	}
	if creds.CAFile != "" {
		if _, err := os.Stat(creds.CAFile); err != nil {
			c.notice(name, "its file of certificate authorities is not on this machine: %s", auth.Printable(creds.CAFile))
		}
	}
	return provider, creds, nil
}

// importProvider writes the export's provider file of that name.
func (c *Client) importProvider(e *Export, name string, replace bool) error {
	for _, p := range e.Providers {
		if p.Name == name {
			return c.addProvider(name, []byte(p.File), replace)
		}
	}
	return nil
}

// addProvider puts a provider file into the config directory.
func (c *Client) addProvider(name string, file []byte, replace bool) error {
	path := filepath.Join(c.dirs.Providers(), name+".yaml")
	there, err := disk.Read(disk.File{Path: path, Limit: providers.MaxFile, Others: disk.MayChange, Links: true})
	tooBig := errors.Is(err, disk.ErrTooBig)
	switch {
	case err == nil && bytes.Equal(there, file):
		return nil
	case (err == nil || tooBig) && !replace:
		return &auth.Error{Kind: auth.Usage, Fact: fmt.Sprintf("there is another file %s already", auth.Printable(path)), Remedy: auth.RemedyReplace}
	case err != nil && !tooBig && !errors.Is(err, os.ErrNotExist):
		return disk.Cannot("read", path, err)
	}
	return disk.Disk{}.Write(path, file)
}

// AddProvider installs a provider file of the user's, after a check. It returns
// the provider.
func (c *Client) AddProvider(path string, replace bool) (name string, err error) {
	c.setUp()
	if c.dirsErr != nil {
		return "", c.dirsErr
	}
	p, err := c.Catalogue().Check(path)
	if err != nil {
		return "", err
	}
	return p.Name, c.addProvider(p.Name, p.File(), replace)
}
