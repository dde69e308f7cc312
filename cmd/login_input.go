package cmd

import (
	"slices"
	"strings"

	"github.com/hauth/hauth/pkg/hauth"
	"github.com/hauth/hauth/pkg/providers"
)

// given are the values that flags, stdin and files give, by variable.
func (l *loginRun) given() (map[string]string, error) {
	values := map[string]string{}
	givenBy := map[string]string{}
	give := func(from string, v providers.Var, value string) error {
		// The last one of a flag that is repeated counts, except for secrets.
		if first, twice := givenBy[v.Name]; twice && (first != from || v.Secret) {
			return usage("give one of them", "%s is given twice: %s and %s", v.Name, first, from)
		}
		givenBy[v.Name] = from
		if err := hauth.CheckValue(from, value, v); err != nil {
			return err
		}
		values[v.Name] = value
		return nil
	}
	if l.options.id != "" {
		first, ok := publicVar(l.provider)
		if !ok {
			return nil, usage(secretHint, "--id: every variable of %s is a secret", l.provider.Name)
		}
		if err := give("--id", first, l.options.id); err != nil {
			return nil, err
		}
	}
	for name, value := range l.options.vendorWords {
		if v, err := l.variable(name); err == nil && *value != "" {
			if err := give("--"+strings.ReplaceAll(name, "_", "-"), v, *value); err != nil {
				return nil, err
			}
		}
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
		if err := give("--set "+v.Name, v, value); err != nil {
			return nil, err
		}
	}
	if err := l.givenSecrets(give); err != nil {
		return nil, err
	}
	return values, nil
}

// giver records the value of a variable after checking it; from says how it
// was given.
type giver func(from string, v providers.Var, value string) error

func (l *loginRun) givenSecrets(give giver) error {
	switch {
	case l.options.secretStdin && len(l.options.secretFiles) > 0:
		return usage("", "use either --secret-stdin or --secret-file, not both")
	case l.options.secretStdin && isTerminal(l.app.env.Stdin):
		return usage("omit --secret-stdin to be asked without echo", "stdin is a terminal, which would show what is typed")
	case l.options.secretStdin:
		text, err := hauth.ReadSecret(l.app.env.Stdin)
		if err != nil {
			return usage("", "cannot read the secret from stdin: %v", err)
		}
		return l.takeSecrets(give, text, "--secret-stdin")
	}
	for _, file := range l.options.secretFiles {
		name, path, named := strings.Cut(file, "=")
		v, err := l.variable(name)
		if named = named && err == nil; !named {
			path = file // "=" is part of the file's name
		}
		text, err := hauth.ReadSecretFile(path)
		if err != nil {
			// What was given is not repeated: it may be the secret itself.
			return usage("--secret-file takes the name of a file that holds the secret", "--secret-file: %v", err)
		}
		if named {
			err = give("--secret-file "+v.Name, v, text)
		} else {
			err = l.takeSecrets(give, text, "--secret-file")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (l *loginRun) variable(name string) (providers.Var, error) {
	i := slices.IndexFunc(l.provider.Vars, func(v providers.Var) bool { return v.Name == name })
	if i < 0 {
		var names []string
		for _, v := range l.provider.Vars {
			names = append(names, v.Name)
		}
		return providers.Var{}, unknownValue("variable", name, names)
	}
	return l.provider.Vars[i], nil
}

// takeSecrets reads a single secret as it is, or several as NAME=VALUE
// lines.
func (l *loginRun) takeSecrets(give giver, text, from string) error {
	secrets := l.provider.SecretVars()
	if len(secrets) == 1 {
		if text == "" {
			return usage("", "%s: the secret is empty", from)
		}
		return give(from, secrets[0], text)
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
			return usage("", "%s: a line has a name that is not a variable of %s", from, l.provider.Name)
		}
		if err := give(from+", "+v.Name, v, value); err != nil {
			return err
		}
	}
	return nil
}
