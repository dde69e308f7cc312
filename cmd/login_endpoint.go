package cmd

import (
	"fmt"
	"strings"

	"github.com/hauth/hauth/internal/text"
	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/hauth"
	"github.com/hauth/hauth/pkg/providers"
)

// endpoint is where the credentials will be sent. Without a terminal an
// endpoint from an earlier login is not reused silently. Variables that the
// endpoint depends on are asked for first, since the endpoint is shown before
// any secret is typed.
func (l *loginRun) endpoint(values map[string]string) (string, error) {
	if given := l.options.endpoint; given != "" {
		if err := hauth.CheckText("--endpoint", given); err != nil {
			return "", err
		}
		return providers.CheckEndpoint(given, l.options.insecureHTTP)
	}
	if l.provider.NeedsEndpoint() {
		return l.askEndpoint()
	}
	standard, err := l.standardEndpoint(values)
	if err != nil || l.previous == nil || l.previous.Endpoint() == standard {
		return standard, err
	}
	stored := l.previous.Endpoint()
	t, err := l.open()
	if err != nil {
		return "", usage("add --endpoint "+text.Word(stored)+", or --endpoint "+text.Word(standard),
			"the account's endpoint is %s, not the provider's own: say which one to use", stored)
	}
	answer, err := t.Ask(l.app.ctx, fmt.Sprintf("Endpoint [%s]: ", stored))
	if err != nil {
		return "", unanswered("the endpoint", err)
	}
	if answer = strings.TrimSpace(answer); answer == "" {
		answer = stored
	}
	return providers.CheckEndpoint(answer, l.options.insecureHTTP)
}

// standardEndpoint is the provider's own, with the values of its variables.
func (l *loginRun) standardEndpoint(values map[string]string) (string, error) {
	vars := map[string]auth.Secret{}
	for _, v := range l.provider.EndpointVars() {
		if values[v.Name] == "" && v.Default == "" {
			t, err := l.open()
			if err != nil {
				return "", l.missing(l.required(values))
			}
			if values[v.Name], err = l.ask(t, v); err != nil {
				return "", err
			}
		}
		if values[v.Name] != "" {
			vars[v.Name] = auth.NewSecret(values[v.Name])
		}
	}
	return l.provider.ResolveEndpoint(vars, l.options.insecureHTTP)
}

// askEndpoint is for a provider whose every customer has an endpoint of
// their own.
func (l *loginRun) askEndpoint() (string, error) {
	t, err := l.open()
	if err != nil {
		return "", usage("give --endpoint URL", "missing: the endpoint; %s has no default", l.provider.Name)
	}
	question, offer := "Endpoint (base URL): ", ""
	if l.previous != nil {
		offer = l.previous.Endpoint()
		question = fmt.Sprintf("Endpoint [%s]: ", offer)
	}
	for range 3 {
		answer, err := t.Ask(l.app.ctx, question)
		if err != nil {
			return "", unanswered("the endpoint", err)
		}
		if answer = strings.TrimSpace(answer); answer == "" {
			answer = offer
		}
		if answer == "" {
			continue
		}
		if !strings.Contains(answer, "://") {
			answer = "https://" + answer
		}
		endpoint, err := providers.CheckEndpoint(answer, l.options.insecureHTTP)
		if err == nil {
			return endpoint, nil
		}
		t.Print(auth.Message(err) + "\n")
	}
	return "", usage("give --endpoint URL", "the endpoint was not given")
}
