package cmd

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/hauth"
	"github.com/hauth/hauth/pkg/providers"
)

// open opens the terminal for the first question.
func (l *loginRun) open() (Terminal, error) {
	if l.terminal != nil {
		return l.terminal, nil
	}
	if !l.app.mayAsk() {
		return nil, errors.New("prompts are disabled")
	}
	t, err := l.app.env.Terminal()
	if err != nil {
		return nil, err
	}
	l.app.catchSignals()
	l.terminal = t
	return t, nil
}

// required are the variables that values lacks and that have no default.
func (l *loginRun) required(values map[string]string) []providers.Var {
	return slices.DeleteFunc(l.notIn(values), func(v providers.Var) bool { return v.Optional || v.Default != "" })
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

// fillIn completes values by asking, the endpoint shown first. Where nothing
// is required any more, nothing is asked.
func (l *loginRun) fillIn(values map[string]string, endpoint string) (map[string]auth.Secret, error) {
	if missing := l.notIn(values); len(l.required(values)) > 0 {
		t, err := l.open()
		if err != nil {
			return nil, l.missing(missing)
		}
		t.Print(l.introduction(endpoint, missing))
		for _, v := range missing {
			if values[v.Name], err = l.ask(t, v); err != nil {
				return nil, err
			}
			if v.Secret {
				l.asked = append(l.asked, v)
			}
		}
	}
	vars := map[string]auth.Secret{}
	for name, value := range values {
		if value != "" {
			vars[name] = auth.NewSecret(value)
		}
	}
	return vars, nil
}

// introduction says what is asked for, where the vendor shows it and where
// it will be sent.
func (l *loginRun) introduction(endpoint string, missing []providers.Var) string {
	p := l.provider
	var b strings.Builder
	fmt.Fprintf(&b, "Logging in to %s as %s\n", cmp.Or(auth.Printable(p.Title), p.Name), l.account)
	line := func(label, text string) {
		fmt.Fprintf(&b, "  %-8s  %s\n", label, wrap(auth.Printable(text), helpWidth, 12))
	}
	line("endpoint", endpoint)
	if l.options.api != "" {
		line("api", l.options.api)
	}
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

// ask asks until there is an answer. It offers the stored value, if that is
// not secret, or else the default.
func (l *loginRun) ask(t Terminal, v providers.Var) (string, error) {
	label := labelOf(v)
	offer := v.Default
	if !v.Secret && l.previous != nil {
		if creds, err := l.previous.Credentials(l.app.ctx); err == nil && !creds.Vars[v.Name].IsEmpty() {
			offer = creds.Vars[v.Name].Reveal()
		}
	}
	question := label + ": "
	switch {
	case offer != "":
		question = fmt.Sprintf("%s [%s]: ", label, auth.Printable(offer))
	case v.Optional:
		question = label + " (optional): "
	case v.Is == providers.IsPEM:
		question = label + " (name of its file): "
	}
	for range 3 {
		read := t.Ask
		if v.Secret && v.Is != providers.IsPEM {
			read = t.AskSecret
		}
		answer, err := read(l.app.ctx, question)
		if errors.Is(err, errSeveralLines) {
			t.Print(auth.Message(err) + "; none of it was used\n")
			continue
		}
		if err != nil {
			return "", unanswered(label, err)
		}
		if answer = strings.TrimSpace(answer); answer == "" {
			answer = offer
		}
		if v.Is == providers.IsPEM && answer != "" {
			if answer, err = hauth.ReadSecretFile(answer); err != nil {
				t.Print("cannot read the file: " + err.Error() + "\n")
				continue
			}
		}
		if answer == "" && !v.Optional {
			continue
		}
		if err := hauth.CheckValue(label, answer, v); err != nil {
			t.Print(auth.Message(err) + "\n")
			continue
		}
		return answer, nil
	}
	return "", usage("", "%s was not given", label)
}

// missing names the flags for what cannot be asked for.
func (l *loginRun) missing(vars []providers.Var) error {
	first, _ := publicVar(l.provider)
	var flags, names []string
	for _, v := range vars {
		names = append(names, v.Name)
		switch {
		case v.Is == providers.IsPEM:
			flags = append(flags, "--secret-file "+v.Name+"=FILE")
		case v.Secret:
			flags = append(flags, "--secret-stdin or --secret-file FILE ("+v.Name+")")
		case v.Name == first.Name:
			flags = append(flags, "--id ID")
		default:
			flags = append(flags, "--set "+v.Name+"=VALUE")
		}
	}
	return usage("give "+strings.Join(flags, ", "), "missing: %s; %s", strings.Join(names, ", "), l.app.notAsked())
}

// unanswered is the error for a question that got no answer.
func unanswered(what string, err error) error {
	var interrupted errInterrupted
	if errors.As(err, &interrupted) || errors.Is(err, context.Canceled) {
		return &auth.Error{Kind: auth.Interrupted, Fact: "interrupted"}
	}
	if errors.Is(err, io.EOF) {
		return usage("", "the input ended before %s was given", what)
	}
	return usage("", "%s was not given: %v", what, err)
}
