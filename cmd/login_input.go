package cmd

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/hauth"
	"github.com/hauth/hauth/pkg/providers"
)

// given are the values that flags, stdin and files give, by variable.
func (l *loginRun) given() (map[string]string, error) {
	values := map[string]string{}
	if l.options.id != "" {
		first, ok := l.provider.FirstPublicVar()
		if !ok {
			return nil, usage(secretHint, "--id: every variable of %s is a secret", l.provider.Name)
		}
		values[first.Name] = l.options.id
	}
	for _, set := range l.options.set {
		name, value, ok := strings.Cut(set, "=")
		if !ok {
			return nil, usage("", "--set takes NAME=VALUE")
		}
		v, err := l.variable(name)
		if err != nil {
			return nil, err
		}
		if v.Secret {
			return nil, usage(secretHint, "--set does not take %s: it is a secret, and a command line can be read by every process", v.Name)
		}
		values[v.Name] = value
	}
	switch {
	case l.options.secretStdin && l.options.secretFile != "":
		return nil, usage("", "either --secret-stdin or --secret-file")
	case l.options.secretStdin && isTerminal(l.app.env.Stdin):
		return nil, usage("leave --secret-stdin out to be asked without echo", "stdin is a terminal, which shows what is typed")
	case l.options.secretStdin:
		text, err := hauth.ReadSecret(l.app.env.Stdin)
		if err != nil {
			return nil, usage("", "the secret cannot be read from stdin: %v", err)
		}
		return values, l.takeSecrets(values, text, "--secret-stdin")
	case l.options.secretFile != "":
		text, err := hauth.ReadSecretFile(l.options.secretFile)
		if err != nil {
			// What was given is not repeated: it may be the secret itself.
			return nil, usage("--secret-file takes the name of a file that holds the secret", "--secret-file: %v", err)
		}
		return values, l.takeSecrets(values, text, "--secret-file")
	}
	return values, nil
}

func (l *loginRun) variable(name string) (providers.Var, error) {
	i := slices.IndexFunc(l.provider.Vars, func(v providers.Var) bool { return v.Name == name })
	if i < 0 {
		var names []string
		for _, v := range l.provider.Vars {
			names = append(names, v.Name)
		}
		return providers.Var{}, usage("", "%s has no such variable; it has %s", l.provider.Name, strings.Join(names, ", "))
	}
	return l.provider.Vars[i], nil
}

// takeSecrets reads the only secret as it stands, or several as NAME=VALUE
// lines.
func (l *loginRun) takeSecrets(values map[string]string, text, from string) error {
	secrets := l.provider.SecretVars()
	if len(secrets) == 1 {
		if text == "" {
			return usage("", "%s: the secret is empty", from)
		}
		values[secrets[0].Name] = text
		return nil
	}
	for line := range strings.Lines(text) {
		name, value, ok := strings.Cut(strings.TrimRight(line, "\r\n"), "=")
		if strings.TrimSpace(line) == "" {
			continue
		}
		if !ok {
			return usage("", "%s: this provider has several secrets; give each as a line NAME=VALUE", from)
		}
		v, err := l.variable(name)
		if err != nil {
			return usage("", "%s: a line names no variable of %s", from, l.provider.Name)
		}
		values[v.Name] = value
	}
	return nil
}

// open opens the terminal for the first question.
func (l *loginRun) open() (Terminal, error) {
	if l.terminal != nil {
		return l.terminal, nil
	}
	if !l.app.mayAsk() {
		return nil, errors.New("asking is not allowed")
	}
	t, err := l.app.env.Terminal()
	if err != nil {
		return nil, err
	}
	l.app.catchSignals()
	l.terminal = t
	return t, nil
}

// notIn are the provider's variables that values lacks.
func (l *loginRun) notIn(values map[string]string) []providers.Var {
	var missing []providers.Var
	for _, v := range l.provider.Vars {
		if values[v.Name] == "" {
			missing = append(missing, v)
		}
	}
	return missing
}

// fillIn completes values by asking, the endpoint shown first.
func (l *loginRun) fillIn(values map[string]string, endpoint string) (map[string]auth.Secret, error) {
	if missing := l.notIn(values); len(missing) > 0 {
		t, err := l.open()
		if err != nil {
			return nil, l.missing(missing)
		}
		t.Print(l.introduction(endpoint, missing))
		for _, v := range missing {
			if values[v.Name], err = l.ask(t, v); err != nil {
				return nil, err
			}
		}
	}
	vars := map[string]auth.Secret{}
	for name, value := range values {
		vars[name] = auth.NewSecret(value)
	}
	return vars, nil
}

// introduction tells what is asked, where the vendor shows it and where it
// will be sent.
func (l *loginRun) introduction(endpoint string, missing []providers.Var) string {
	p := l.provider
	var b strings.Builder
	fmt.Fprintf(&b, "Logging in to %s as %s\n", auth.Printable(p.Title), l.account)
	line := func(label, text string) {
		fmt.Fprintf(&b, "  %-8s  %s\n", label, wrap(auth.Printable(text), helpWidth, 12))
	}
	line("endpoint", endpoint)
	if p.Unverified != "" && endpoint == p.Spec.Endpoint {
		line("", "unverified: "+p.Unverified)
	}
	if p.Docs != "" {
		line("document", p.Docs)
	}
	if p.Note != "" {
		line("note", p.Note)
	}
	var labels []string
	for _, v := range missing {
		labels = append(labels, labelOf(v))
	}
	fmt.Fprintf(&b, "Enter what the vendor shows as %s:\n", strings.Join(labels, " and "))
	return b.String()
}

func labelOf(v providers.Var) string {
	if label := auth.Printable(v.Label); label != "" {
		return label
	}
	return v.Name
}

// ask asks until there is an answer. What is stored already, if it is no
// secret, is offered.
func (l *loginRun) ask(t Terminal, v providers.Var) (string, error) {
	label := labelOf(v)
	offer := ""
	if !v.Secret && l.previous != nil {
		if creds, err := l.previous.Credentials(l.app.ctx); err == nil {
			offer = creds.Vars[v.Name].Reveal()
		}
	}
	question := label + ": "
	if offer != "" {
		question = fmt.Sprintf("%s [%s]: ", label, auth.Printable(offer))
	}
	for range 3 {
		read := t.Ask
		if v.Secret {
			read = t.AskSecret
		}
		answer, err := read(l.app.ctx, question)
		if err != nil {
			return "", asked(err)
		}
		if answer = strings.TrimSpace(answer); answer == "" {
			answer = offer
		}
		if answer != "" {
			return answer, nil
		}
	}
	return "", usage("", "%s was not given", label)
}

// missing names the flags for what cannot be asked.
func (l *loginRun) missing(vars []providers.Var) error {
	first, _ := l.provider.FirstPublicVar()
	var flags []string
	for _, v := range vars {
		switch {
		case v.Secret:
			flags = append(flags, "--secret-stdin or --secret-file FILE ("+v.Name+")")
		case v.Name == first.Name:
			flags = append(flags, "--id ID")
		default:
			flags = append(flags, "--set "+v.Name+"=VALUE")
		}
	}
	return usage("give "+strings.Join(flags, ", "), "there is no terminal to ask on, and something is missing")
}

// asked is the error for a question that got no answer.
func asked(err error) error {
	var interrupted errInterrupted
	if errors.As(err, &interrupted) || errors.Is(err, context.Canceled) {
		return &auth.Error{Kind: auth.Interrupted, Fact: "interrupted"}
	}
	return usage("", "no answer: %v", err)
}
