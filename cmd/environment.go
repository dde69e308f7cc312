package cmd

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/providers"
)

// hasEnvironment reports whether any variable could hold credentials of the
// account. Only then is its provider's file read.
func (a *app) hasEnvironment(account auth.Account) bool {
	prefix := account.EnvPrefix() + "_"
	for _, kv := range a.env.Environ {
		if rest, ok := strings.CutPrefix(kv, prefix); ok {
			name, value, _ := strings.Cut(rest, "=")
			if value != "" && name != "TOKEN" && name != "EXPIRES_AT" {
				return true
			}
		}
	}
	return false
}

// environmentCredentials reads the account's credentials from the
// environment. found tells that they are complete; a set that is not gets a
// notice.
func (a *app) environmentCredentials(s *session) (creds auth.Credentials, found bool, err error) {
	if !a.hasEnvironment(s.account) {
		return creds, false, nil
	}
	provider, err := s.provider()
	if err != nil {
		if auth.Is(err, auth.NotFound) {
			err = nil // some other program's variable
		}
		return creds, false, err
	}
	values, missing, err := a.environmentValues(s.account, provider)
	if err != nil {
		return creds, false, err
	}
	prefix := s.account.EnvPrefix()
	if len(values) == 0 {
		return creds, false, nil
	}
	if len(missing) > 0 {
		s.unset = missing
		a.notice(s.account.String(), fmt.Sprintf("the credentials in the environment are not used: %s is not set", strings.Join(missing, ", ")))
		return creds, false, nil
	}
	var endpoint string
	if v := a.getenv(prefix + "_ENDPOINT"); v != "" {
		endpoint, err = providers.CheckEndpoint(v, false)
	} else {
		endpoint, err = provider.ResolveEndpoint(values, false)
	}
	if err != nil {
		return creds, false, withHint(err, "set "+prefix+"_ENDPOINT to an https URL; plain http needs a stored account")
	}
	return auth.Credentials{Endpoint: endpoint, SpecSHA256: provider.SHA256, Vars: values}, true, nil
}

// environmentValues are the variables of the account that are set, and the
// names of those that are not.
func (a *app) environmentValues(account auth.Account, provider *providers.Provider) (values map[string]auth.Secret, missing []string, err error) {
	values = map[string]auth.Secret{}
	for _, v := range provider.Vars {
		name := account.EnvPrefix() + "_" + strings.ToUpper(v.Name)
		value, file := a.getenv(name), a.getenv(name+"_FILE")
		switch {
		case value != "" && file != "":
			return nil, nil, usage("unset one of them", "both %s and %s_FILE are set", name, name)
		case file != "":
			if value, err = readSecretFile(file); err != nil {
				return nil, nil, usage("", "%s_FILE: %v", name, err)
			}
		}
		if value == "" && file != "" {
			return nil, nil, usage("", "%s_FILE names an empty file", name)
		}
		if value == "" {
			if !v.Optional && v.Default == "" {
				missing = append(missing, name)
			}
			continue
		}
		values[v.Name] = auth.NewSecret(value)
	}
	return values, missing, nil
}

// maxSecretInput bounds what is read as a secret, in bytes.
const maxSecretInput = 64 << 10

// readSecretFile reads a file whole and drops one newline from its end.
func readSecretFile(path string) (string, error) {
	f, err := openWithin(path, pipePatience)
	if err != nil {
		return "", err
	}
	defer f.Close()
	f.SetReadDeadline(time.Now().Add(pipePatience)) // a pipe may have a writer that says nothing; others take no deadline
	return readSecret(f)
}

// pipePatience is how long a named pipe may be without a writer.
const pipePatience = 5 * time.Second

// openWithin is os.Open with a deadline: opening a pipe waits for a writer,
// and nothing can break that off.
func openWithin(path string, limit time.Duration) (*os.File, error) {
	type opened struct {
		file *os.File
		err  error
	}
	c := make(chan opened, 1)
	go func() {
		file, err := os.Open(path)
		c <- opened{file, err}
	}()
	select {
	case o := <-c:
		return o.file, o.err
	case <-time.After(limit):
		return nil, errors.New("it is a pipe into which nobody writes")
	}
}

func readSecret(r io.Reader) (string, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxSecretInput+1))
	if err != nil {
		return "", err
	}
	if len(b) > maxSecretInput {
		return "", fmt.Errorf("more than %d bytes", maxSecretInput)
	}
	s := strings.TrimSuffix(string(b), "\n")
	return strings.TrimSuffix(s, "\r"), nil
}
