package cmd

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hauth/hauth/pkg/hauth"
	"github.com/hauth/hauth/pkg/providers"
)

// authoritiesForCurl is what hauth itself trusts, for curl's cacert, which
// replaces the system's authorities: these and the account's, as PEM. It is
// nil where the account has no further ones, or the user names some to curl.
func (a *app) authoritiesForCurl(s *hauth.Account, args []string) ([]byte, error) {
	files := s.Authorities()
	if len(files) == 0 || slices.ContainsFunc(args, namesAuthorities) {
		return nil, nil
	}
	all := a.systemAuthorities()
	for _, file := range files {
		pem, err := providers.ReadAuthorities(file)
		if err != nil {
			return nil, usage("check --ca-file and HAUTH_CA_FILE", "cannot read the file of certificate authorities: %v", err)
		}
		all = append(append(all, '\n'), pem...)
	}
	return all, nil
}

// namesAuthorities reports whether one of curl's arguments chooses the
// authorities to trust.
func namesAuthorities(arg string) bool {
	return slices.ContainsFunc([]string{"--cacert", "--capath", "--ca-native"}, func(option string) bool { return strings.HasPrefix(arg, option) })
}

// systemAuthorities are those that curl or hauth would use otherwise: in the
// file that the environment names, or in the first of the usual places that
// exists. A directory of authorities needs no copy, since curl uses it in
// addition to cacert.
func (a *app) systemAuthorities() []byte {
	for _, file := range append([]string{a.getenv("CURL_CA_BUNDLE"), a.getenv("SSL_CERT_FILE")}, systemBundles...) {
		if file == "" {
			continue
		}
		if pem, err := providers.ReadAuthorities(file); err == nil && bytes.Contains(pem, []byte("-----BEGIN ")) {
			return pem
		}
	}
	return nil
}

// systemBundles are the places where systems keep their authorities: Debian
// and its derivatives, Fedora, openSUSE, older Red Hat, Alpine, BSD and
// macOS.
var systemBundles = []string{
	"/etc/ssl/certs/ca-certificates.crt",
	"/etc/pki/tls/certs/ca-bundle.crt",
	"/etc/ssl/ca-bundle.pem",
	"/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
	"/etc/ssl/cert.pem",
	"/usr/local/share/certs/ca-root-nss.crt",
	"/usr/local/etc/ssl/cert.pem",
}

// authorityForConfig is the one file of further authorities that a config file
// for curl can name; empty if there is none.
func (a *app) authorityForConfig(s *hauth.Account) string {
	files := s.Authorities()
	if len(files) == 0 {
		return ""
	}
	file, err := filepath.Abs(files[0])
	if err != nil {
		return files[0]
	}
	return file
}
