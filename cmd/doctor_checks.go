package cmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/hauth/hauth/internal/disk"
	"github.com/hauth/hauth/internal/text"
	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/store"
	"github.com/hauth/hauth/pkg/store/keyring"
)

func pinned(infos []store.Info, name string) bool {
	for _, info := range infos {
		if info.Store == name {
			return true
		}
	}
	return false
}

func (a *app) checkDirs() []check {
	var checks []check
	dirs, _ := a.client.Dirs()
	for _, d := range []struct{ name, path string }{
		{"config", dirs.Config}, {"data", dirs.Data}, {"locks", dirs.Locks()}, {"cache", dirs.Cache},
	} {
		c := check{Name: d.name + " directory", Status: checkOK, Detail: d.path}
		info, err := os.Stat(d.path)
		switch {
		case err != nil && !errors.Is(err, os.ErrNotExist):
			c = a.failed(c.Name, err)
		case err == nil && !info.IsDir():
			c.Status, c.Detail, c.Hint, c.kind = checkFailed, d.path+" is not a directory", lookHint(err, hereCommands().look, d.path), auth.Store
		default:
			in, cannot, status := d.path, "written", checkFailed
			if err != nil { // what needs it may never be used
				in, cannot, status = disk.Existing(d.path), "made", checkWarning
				c.Detail += " (made when needed)"
			}
			f, err := os.CreateTemp(in, ".doctor")
			if err != nil {
				c.Status, c.Hint, c.kind = status, lookHint(err, hereCommands().lookDir, in), auth.Store
				c.Detail = fmt.Sprintf("%s cannot be %s: %v", d.path, cannot, errors.Unwrap(err))
				break
			}
			f.Close()
			os.Remove(f.Name())
		}
		checks = append(checks, c)
	}
	return checks
}

func (a *app) checkAccounts(infos []store.Info, err error) check {
	if err != nil {
		return a.failed("accounts", err)
	}
	if len(infos) == 0 {
		return check{Name: "accounts", Status: checkOK, Detail: "none stored", Hint: a.howToBegin()}
	}
	var names []string
	for _, info := range infos {
		names = append(names, info.Account.String()+" ("+info.Store+")")
	}
	slices.SortFunc(names, naturalOrder)
	return check{Name: "accounts", Status: checkOK, Detail: strings.Join(names, ", ")}
}

// checkKeyring looks at the keyring, which accounts may need. Where they are all
// in files, one that is missing is no reason for a warning.
func (a *app) checkKeyring(needed, inFiles bool) []check {
	info, err := keyring.Inspect(a.ctx, a.client.KeyringOptions(auth.Account{}))
	c := check{Name: "keyring", Status: checkOK, TookMS: milliseconds(info.Took)}
	var facts []string
	for _, fact := range []struct{ name, value string }{
		{"service", info.Service}, {"process", info.Process}, {"collection", info.Label}, {"bus", info.Bus},
	} {
		if fact.value != "" {
			facts = append(facts, fact.name+" "+auth.Printable(fact.value))
		}
	}
	if info.PID > 0 {
		facts = append(facts, fmt.Sprintf("pid %d", info.PID))
	}
	if info.Locked {
		facts = append(facts, "locked")
	}
	c.Detail = strings.Join(facts, ", ")
	if err != nil {
		c = a.failed("keyring", err)
		if len(facts) > 0 {
			c.Detail += " (" + strings.Join(facts, ", ") + ")"
		}
		if inFiles && errors.Is(err, store.ErrAbsent) {
			c = check{Name: c.Name, Status: checkOK, Detail: "not in use; off a terminal, a new login needs --store file (" + c.Detail + ")"}
		}
		return []check{unneeded(c, needed)}
	}
	backend, err := a.client.OpenBackend(auth.Account{}, store.Keyring)
	if err != nil {
		return []check{c, unneeded(a.failed("keyring probe", err), needed)}
	}
	return []check{c, unneeded(a.probe("keyring probe", backend), needed)}
}

func (a *app) checkFileStore(needed bool) check {
	dirs, _ := a.client.Dirs()
	if _, err := os.Stat(dirs.Identity()); errors.Is(err, os.ErrNotExist) && !needed &&
		a.getenv("HAUTH_AGE_IDENTITY") == "" && a.getenv("HAUTH_AGE_IDENTITY_FILE") == "" {
		return check{Name: "file store", Status: checkOK, Detail: "not in use; to start using it, run: hauth login ACCOUNT --store file"}
	}
	backend, err := a.client.OpenBackend(auth.Account{}, store.File)
	if err != nil {
		return unneeded(a.failed("file store", err), needed)
	}
	return unneeded(a.probe("file store", backend), needed)
}

// checkFileAccounts opens the credentials of the accounts in the file store:
// a working identity may not be the one that they were encrypted to. Those
// in a keyring are left alone, since a prompt could appear.
func (a *app) checkFileAccounts(infos []store.Info) []check {
	var checks []check
	for _, info := range infos {
		if info.Store != store.File {
			continue
		}
		account, err := a.client.OpenStored(info.Account)
		if err == nil {
			_, err = account.Credentials(a.ctx)
		}
		if err != nil {
			checks = append(checks, a.failed("account "+info.Account.String(), about(info.Account, err)))
		}
	}
	return checks
}

func (a *app) probe(name string, backend store.Backend) check {
	times, err := store.Probe(a.ctx, backend)
	if err != nil {
		return a.failed(name, err)
	}
	return check{
		Name: name, Status: checkOK, TookMS: milliseconds(times.Write + times.Read + times.Delete),
		Detail: fmt.Sprintf("wrote in %.1f ms, read in %.1f ms, deleted in %.1f ms",
			milliseconds(times.Write), milliseconds(times.Read), milliseconds(times.Delete)),
	}
}

func (a *app) checkProviders() []check {
	c := a.catalogue()
	var checks []check
	own := 0
	for _, name := range c.Names() {
		if c.IsBuiltIn(name) {
			continue
		}
		own++
		if _, err := c.Find(name); err != nil {
			broken := a.failed("provider "+name, err)
			if broken.Hint == "" {
				broken.Hint = "run: hauth providers check " + text.Word(filepath.Join(c.Dir, name+".yaml"))
			}
			checks = append(checks, broken)
		}
	}
	detail := fmt.Sprintf("%d built in", len(c.Names())-own)
	if c.Dir != "" {
		detail += fmt.Sprintf(", %d of your own in %s", own, c.Dir)
	}
	return append([]check{{Name: "providers", Status: checkOK, Detail: detail}}, checks...)
}

func (a *app) checkEnvironment() []check {
	var checks []check
	for _, account := range a.client.EnvironmentAccounts() {
		provider, err := a.catalogue().Find(account.Provider)
		if err != nil {
			continue
		}
		c := check{Name: "environment " + account.String(), Status: checkOK, Detail: "complete; they take precedence over stored ones"}
		values, err := a.client.EnvironmentValues(account, provider)
		switch {
		case err != nil:
			c = a.failed(c.Name, err)
		case !values.Complete():
			c.Status, c.Detail, c.Hint = checkWarning, "incomplete, so not used", "set "+strings.Join(values.Missing, ", ")
		}
		checks = append(checks, c)
	}
	return checks
}

func checkCurl() check {
	path, err := exec.LookPath("curl")
	if err != nil {
		return check{Name: "curl", Status: checkWarning, Detail: "not found; hauth curl needs it"}
	}
	return check{Name: "curl", Status: checkOK, Detail: path}
}

// maxSkew is how far clocks may be apart without a warning. Tokens are
// correct regardless: their life is measured against the vendor's clock.
const maxSkew = 30 * time.Second

func (a *app) checkClocks() []check {
	var checks []check
	accounts, _, _ := a.knownAccounts()
	seen := map[string]bool{}
	for _, account := range accounts {
		s, err := a.client.Open(account.String())
		if err != nil || seen[s.Endpoint()] {
			continue
		}
		seen[s.Endpoint()] = true
		name := "clock against " + account.String()
		ctx, cancel := context.WithTimeout(a.ctx, a.timeout)
		start := time.Now()
		skew, err := s.Skew(ctx)
		cancel()
		c := check{Name: name, Status: checkOK, TookMS: milliseconds(time.Since(start))}
		switch {
		case err != nil:
			c = a.failed(name, err)
		case skew.Abs() > maxSkew:
			c.Status, c.Hint = checkWarning, "set this machine's clock"
			c.Detail = fmt.Sprintf("the clock of %s differs by %s from this machine's", s.Endpoint(), skew.Abs().Round(time.Second))
		default:
			c.Detail = fmt.Sprintf("the clock of %s agrees to within %s", s.Endpoint(), skew.Abs().Round(time.Second))
		}
		checks = append(checks, c)
	}
	if len(checks) == 0 {
		checks = append(checks, check{Name: "clock", Status: checkOK, Detail: "no account to compare with"})
	}
	return checks
}
