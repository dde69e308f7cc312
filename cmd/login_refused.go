package cmd

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hauth/hauth/internal/text"
	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/hauth"
	"github.com/hauth/hauth/pkg/providers"
)

// askAgain asks once more for the secrets that were typed, after the vendor
// has refused them, and puts the answers into vars. It reports whether there is
// something new to try.
func (l *loginRun) askAgain(refusal error, vars map[string]auth.Secret) bool {
	if l.terminal == nil || len(l.asked) == 0 || l.app.ctx.Err() != nil {
		return false
	}
	l.terminal.Print(auth.Message(refusal) + "\n")
	l.tellOddLooks(vars)
	for _, v := range l.asked {
		answer, err := l.ask(l.terminal, v)
		if err != nil {
			return false
		}
		vars[v.Name] = auth.NewSecret(answer)
	}
	return true
}

// refused adds to a failed login what may be wrong with the values, and how to
// try again with the flags that were given.
func (l *loginRun) refused(err error, vars map[string]auth.Secret) error {
	e, ok := auth.AsError(err)
	if !ok || e.Kind != auth.Denied {
		return err
	}
	l.tellOddLooks(vars)
	if e.Remedy != "" && e.Remedy != auth.RemedyLogin {
		return err // the vendor did not say that the credentials are the reason
	}
	var labels []string
	for _, v := range l.provider.Vars {
		labels = append(labels, labelOf(v))
	}
	hint := "check " + strings.Join(labels, " and ")
	if again := l.commandLine(""); again != "hauth login "+l.account.String() {
		hint += ", then run: " + again
	}
	return withHint(err, hint)
}

// commandLine is this login as it can be typed again, with another store if
// one is named. Without its flags the same command would send the secret
// elsewhere, or store it elsewhere.
func (l *loginRun) commandLine(store string) string {
	o := l.options
	if store != "" {
		o.store = store
	}
	return "hauth login " + l.account.String() + o.flags(l.provider)
}

// tellOddLooks says what looks odd about the values that the vendor refused.
func (l *loginRun) tellOddLooks(vars map[string]auth.Secret) {
	for _, v := range l.provider.Vars {
		if odd := hauth.OddLook(vars[v.Name].Reveal()); odd != "" {
			l.app.notice(l.account.String(), fmt.Sprintf("the value of %s %s", v.Name, odd))
		}
	}
}

// flags are the options as flags.
func (o loginOptions) flags(provider *providers.Provider) string {
	flags := ""
	add := func(flag, value string) {
		if value != "" {
			flags += " " + flag + " " + text.Word(value)
		}
	}
	add("--id", o.id)
	for _, v := range provider.Vars {
		if value := o.vendorWords[v.Name]; value != nil {
			add("--"+strings.ReplaceAll(v.Name, "_", "-"), *value)
		}
	}
	for _, set := range o.set {
		add("--set", set)
	}
	if o.secretStdin {
		flags += " --secret-stdin"
	}
	for _, file := range o.secretFiles {
		add("--secret-file", file)
	}
	add("--endpoint", o.endpoint)
	add("--api", o.api)
	if o.store != storeAuto {
		add("--store", o.store)
	}
	add("--fleet", o.fleet)
	add("--ca-file", o.caFile)
	if o.insecureHTTP {
		flags += " --insecure-http"
	}
	if o.noVerify {
		flags += " --no-verify"
	}
	return flags
}

// chooseProvider asks on a terminal which provider to log in to.
func (a *app) chooseProvider() (string, error) {
	missing := usage("hauth login PROVIDER; hauth providers list shows them", "missing PROVIDER")
	if !a.mayAsk() {
		return "", missing
	}
	t, err := a.env.Terminal()
	if err != nil {
		return "", missing
	}
	defer t.Close()
	a.catchSignals()
	names := a.catalogue().Names()
	shown := names
	for range 5 {
		numbered := len(shown) <= maxMenu
		question := "Which provider? Type its name, or a part of it: "
		if numbered {
			question = "Which provider? Type a number, or a part of its name: "
			for i, name := range shown {
				t.Print(fmt.Sprintf("%3d  %s\n", i+1, a.menuLine(name)))
			}
		} else {
			width := helpWidth
			if w := widthOf(a.env.Stderr); w > 0 {
				width = min(w, width)
			}
			t.Print("  " + wrap(strings.Join(shown, " "), width, 2) + "\n")
		}
		answer, err := t.Ask(a.ctx, question)
		if err != nil {
			return "", unanswered("a provider", err)
		}
		answer = strings.TrimSpace(answer)
		if n := menuNumber(answer); n > 0 && n <= len(shown) && numbered && !slices.Contains(names, answer) {
			return shown[n-1], nil
		}
		if slices.Contains(names, answer) {
			return answer, nil
		}
		if answer == "" {
			shown = names
		} else if found := a.matching(names, answer); len(found) == 1 {
			return found[0], nil
		} else if len(found) > 0 {
			shown = found
		} else {
			t.Print(fmt.Sprintf("no provider matches %q\n", auth.Printable(answer)))
		}
	}
	return "", missing
}

// maxMenu is how many lines a menu has at most. Of more providers only the names
// are shown, which all fit on one screen.
const maxMenu = 24

func (a *app) menuLine(name string) string {
	provider, err := a.catalogue().Find(name)
	if err != nil || provider.Title == "" {
		return name
	}
	return name + "  " + auth.Printable(provider.Title)
}

// matching are the names that hold a word, themselves or in their title, or
// else the nearest ones.
func (a *app) matching(names []string, word string) []string {
	if word == "" {
		return nil
	}
	word = strings.ToLower(word)
	var found []string
	for _, name := range names {
		if strings.Contains(strings.ToLower(a.menuLine(name)), word) {
			found = append(found, name)
		}
	}
	if len(found) == 0 {
		found = text.Nearest(word, names)
	}
	return found
}

// menuNumber is the number that a text consists of, 0 for any other text.
func menuNumber(s string) int {
	n := 0
	for _, r := range s {
		if r < '0' || r > '9' || n > maxMenu {
			return 0
		}
		n = 10*n + int(r-'0')
	}
	return n
}
