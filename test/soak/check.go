package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// check finds out whether the account is there, whole or not at all. May and
// must say what the round allows.
func (w *world) check(may, must bool) (present bool, err error) {
	accounts, err := filepath.Glob(filepath.Join(w.dir, "home", "accounts", "*.json"))
	if err != nil || len(accounts) > 1 {
		return false, fmt.Errorf("account files: %q, %v", accounts, err)
	}
	status, err := w.must([]string{"status", w.account, "--json"}, 0, 3)
	if err != nil {
		return false, err
	}
	present = status.code == 0
	switch {
	case present && !may:
		return false, errors.New("the account is there and should not be")
	case !present && must:
		return false, errors.New("the account is lost")
	case !present:
		w.tally.add("account absent", 1)
		return false, errors.Join(w.checkAbsent(len(accounts) > 0), w.checkFiles())
	}
	var rows []struct {
		Store string `json:"store"`
	}
	if err := json.Unmarshal(status.stdout, &rows); err != nil || len(rows) != 1 || rows[0].Store != w.o.store {
		return false, fmt.Errorf("status: %s, %v", status.stdout, err)
	}
	token, err := w.ask("token")
	if err != nil {
		return false, err
	}
	if !regexp.MustCompile(`^[!-~]{16,}\n$`).Match(token.stdout) {
		return false, fmt.Errorf("that is no token: %q", token.stdout)
	}
	if notice := string(token.stderr); strings.Contains(notice, "cannot") || strings.Contains(notice, "not used") {
		return false, fmt.Errorf("a record is unreadable: %s", notice)
	}
	// Only a refresh reads the credentials.
	if _, err := w.ask("refresh"); err != nil {
		return false, err
	}
	w.tally.add("account whole", 1)
	return true, w.checkFiles()
}

// errRefused is the vendor's refusal of a refresh token that it has replaced.
var errRefused = errors.New("the vendor refuses the refresh token")

// ask wants an answer. Of a vendor that replaces its refresh token a refusal is
// one, too, if it says what to do.
func (w *world) ask(name string) (answer, error) {
	codes := []int{0}
	if w.o.rotate {
		codes = append(codes, 4)
	}
	a, err := w.must([]string{name, w.account}, codes...)
	if err != nil || a.code == 0 {
		return a, err
	}
	if err := w.checkFiles(); err != nil {
		return a, err
	}
	if !strings.Contains(string(a.stderr), "hauth login "+w.account) {
		return a, fmt.Errorf("refused, and no word on what to do: %s", a.stderr)
	}
	return a, fmt.Errorf("%s: %w", name, errRefused)
}

// checkAbsent wants a clean no, and a logout that removes what a login or a
// logout that was killed has left.
func (w *world) checkAbsent(void bool) error {
	if _, err := w.must([]string{"token", w.account}, 3); err != nil {
		return err
	}
	if !void {
		return nil
	}
	w.tally.add("cut short before or after the commit, mended by logout", 1)
	if _, err := w.must([]string{"logout", w.account}, 0); err != nil {
		return err
	}
	left, err := filepath.Glob(filepath.Join(w.dir, "home", "records", w.o.provider()+"@*.age"))
	if err == nil && len(left) > 0 {
		err = fmt.Errorf("left after logout: %q", left)
	}
	return err
}

// checkFiles searches every file for secrets, and counts the temporary
// files of processes that were killed.
func (w *world) checkFiles() error {
	return filepath.WalkDir(filepath.Join(w.dir, "home"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for name, value := range w.mock.credentials {
			if name != "client_id" && bytes.Contains(data, []byte(value)) {
				return errors.New("LEAK: " + name + " is in " + path)
			}
		}
		// What the mock replaces a refresh token with begins so.
		if bytes.Contains(data, []byte("mock-only-"+w.o.provider()+"-refresh-token")) {
			return errors.New("LEAK: a refresh token is in " + path)
		}
		if strings.HasSuffix(path, ".tmp") {
			w.tally.add("temporary files left by a kill inside a save", 1)
			return os.Remove(path)
		}
		if strings.HasPrefix(d.Name(), "hauth-probe@") {
			w.tally.add("probes left by a kill inside login's test of the store", 1)
			return os.Remove(path)
		}
		return nil
	})
}

type answer struct {
	code           int
	stdout, stderr []byte
}

// must runs a command undisturbed; it has to end with one of the codes.
func (w *world) must(args []string, codes ...int) (answer, error) {
	c := w.command(args, 1)
	var stdout, stderr bytes.Buffer
	c.Stdout, c.Stderr = &stdout, &stderr
	err := c.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return answer{}, err
	}
	a := answer{c.ProcessState.ExitCode(), stdout.Bytes(), stderr.Bytes()}
	for _, code := range codes {
		if a.code == code {
			return a, nil
		}
	}
	return a, fmt.Errorf("%s %s ended with %d, not %v: %s", filepath.Base(w.o.hauth), args[0], a.code, codes, a.stderr)
}
