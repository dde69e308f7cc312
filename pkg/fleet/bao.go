package fleet

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// baoEngine keeps a record as a secret of OpenBao's, or Vault's, KV engine of
// version 2, which replaces a version only for whoever names it.
//
// These versions are counters. If the record is deleted with its metadata they
// begin again, and a late writer may hit the number that it knows. The record
// names the lease's owner, and whoever finds his record overwritten compares
// the tokens: that costs at most one request.
type baoEngine struct {
	caller
	mount, prefix string

	login sync.Mutex // guards token
	token auth.Secret
}

func newBao(t Target) *baoEngine {
	e := &baoEngine{caller: caller{target: t}}
	e.mount, e.prefix, _ = strings.Cut(t.Path, "/")
	return e
}

// baoAnswer is what all of the engine's answers are made of.
type baoAnswer struct {
	Errors []string `json:"errors"`
	Auth   struct {
		ClientToken string `json:"client_token"`
	} `json:"auth"`
	Data *struct {
		Version int `json:"version"` // of a write
		Data    *struct {
			Record string `json:"record"`
		} `json:"data"`
		Metadata *struct {
			Version int `json:"version"`
		} `json:"metadata"`
	} `json:"data"`
}

// said is what the engine gives as the reason.
func (b baoAnswer) said(a answer) string { return said(strings.Join(b.Errors, ", "), a.status) }

// byPolicy reports that a refusal is that of a policy. It comes as the one item
// of a list, "1 error occurred: * permission denied", and that of a token that
// is not valid either without one or beside "invalid token".
func (b baoAnswer) byPolicy() bool {
	text := strings.Join(b.Errors, ", ")
	return strings.Contains(text, "* permission denied") && !strings.Contains(text, "invalid token")
}

func (e *baoEngine) Read(ctx context.Context, name string) (Entry, error) {
	a, body, err := e.request(ctx, http.MethodGet, "data", name, nil)
	if err != nil {
		return Entry{}, err
	}
	entry := Entry{Version: "0", Now: a.now, Tick: time.Second}
	switch {
	case len(body.Errors) > 0:
		return Entry{}, e.target.wrong(body.said(a))
	case a.status == http.StatusNotFound && body.Data == nil:
		return entry, nil
	case body.Data == nil || body.Data.Metadata == nil:
		return Entry{}, e.target.wrong("the mount is not of KV version 2")
	}
	entry.Version = strconv.Itoa(body.Data.Metadata.Version)
	if a.status == http.StatusNotFound || body.Data.Data == nil {
		return entry, nil // this version was deleted
	}
	if entry.Data, err = base64.StdEncoding.DecodeString(body.Data.Data.Record); err != nil {
		entry.Data = []byte(body.Data.Data.Record) // somebody else's, which will not open
	}
	return entry, nil
}

func (e *baoEngine) Swap(ctx context.Context, name string, was Entry, data []byte, _ time.Duration) (Entry, error) {
	version, err := strconv.Atoi(was.Version)
	if err != nil && was.Version != "" {
		return Entry{}, e.target.wrong("a version that is no number")
	}
	write := map[string]any{
		"options": map[string]int{"cas": version},
		"data":    map[string]string{"record": base64.StdEncoding.EncodeToString(data)},
	}
	a, body, err := e.request(ctx, http.MethodPost, "data", name, write)
	switch {
	case err != nil:
		return Entry{}, err
	case a.status == http.StatusBadRequest && strings.Contains(strings.Join(body.Errors, ", "), "check-and-set"):
		return Entry{}, ErrConflict
	case len(body.Errors) > 0:
		return Entry{}, e.target.wrong(body.said(a))
	case body.Data == nil || body.Data.Version <= version:
		return Entry{}, e.target.wrong("the mount is not of KV version 2")
	}
	if version == 0 {
		// Old versions are of no use. The right to say so is not needed.
		e.request(ctx, http.MethodPost, "metadata", name, map[string]int{"max_versions": 2})
	}
	return Entry{Data: data, Version: strconv.Itoa(body.Data.Version)}, nil
}

// request logs in if that is needed, and once more if the token has ended.
func (e *baoEngine) request(ctx context.Context, method, kind, name string, body any) (answer, baoAnswer, error) {
	for again := false; ; again = true {
		token, err := e.tokenFor(ctx, again)
		if err != nil {
			return answer{}, baoAnswer{}, err
		}
		a, parsed, err := e.send(ctx, method, "/v1/"+e.mount+"/"+kind+"/"+e.prefix+"/"+name, token, body)
		if err != nil || a.status != http.StatusForbidden {
			return a, parsed, err
		}
		if e.target.words["role"] != "" && !again {
			continue
		}
		if parsed.byPolicy() {
			return a, parsed, e.target.lacksRights(parsed.said(a))
		}
		return a, parsed, e.target.refused(parsed.said(a))
	}
}

// send makes one request. What the engine cannot do now is an error. Nothing
// that the answer says repeats the token or another secret of the request.
func (e *baoEngine) send(ctx context.Context, method, path string, token auth.Secret, body any, secrets ...auth.Secret) (answer, baoAnswer, error) {
	header := http.Header{"X-Vault-Request": {"true"}}
	if !token.IsEmpty() {
		header["X-Vault-Token"] = []string{token.Reveal()}
	}
	if namespace := e.target.words["namespace"]; namespace != "" {
		header["X-Vault-Namespace"] = []string{namespace}
	}
	secrets = append(secrets, token)
	a, err := e.call(ctx, method, path, header, body, secrets...)
	if err != nil {
		return a, baoAnswer{}, err
	}
	var parsed baoAnswer
	known := a.decode(&parsed) || len(a.body) == 0
	for i, text := range parsed.Errors {
		parsed.Errors[i] = auth.Printable(text, secrets...)
	}
	switch {
	case a.busy():
		return a, parsed, e.target.unavailable(parsed.said(a))
	case !known:
		return a, parsed, e.target.unavailable("the answer is not what the engine should send")
	}
	return a, parsed, nil
}

// serviceAccount is where Kubernetes mounts a pod's own token.
const serviceAccount = "/var/run/secrets/kubernetes.io/serviceaccount/token"

// tokenFor is the token to send. The file is read each time: an agent renews
// it.
func (e *baoEngine) tokenFor(ctx context.Context, again bool) (auth.Secret, error) {
	role := e.target.words["role"]
	if role == "" {
		data, err := e.target.file("token-file")
		if err == nil && !visible(string(data)) {
			err = e.target.badFile("token-file", errors.New("it does not hold a token and nothing else"))
		}
		return auth.NewSecret(string(data)), err
	}
	e.login.Lock()
	defer e.login.Unlock()
	if !e.token.IsEmpty() && !again {
		return e.token, nil
	}
	t := e.target
	if t.files["jwt-file"] == "" {
		t.files = map[string]string{"jwt-file": serviceAccount}
	}
	jwt, err := t.file("jwt-file")
	if err != nil {
		return auth.Secret{}, err
	}
	method := t.words["auth"]
	if method == "" {
		method = "kubernetes"
	}
	a, parsed, err := e.send(ctx, http.MethodPost, "/v1/auth/"+method+"/login", auth.Secret{}, map[string]string{"role": role, "jwt": string(jwt)}, auth.NewSecret(string(jwt)))
	switch {
	case err != nil:
		return auth.Secret{}, err
	case a.status != http.StatusOK || parsed.Auth.ClientToken == "":
		return auth.Secret{}, e.target.refused(parsed.said(a))
	}
	e.token = auth.NewSecret(parsed.Auth.ClientToken)
	return e.token, nil
}

// Close ends the connections; the login is kept.
func (e *baoEngine) Close() { e.close() }

func (e *baoEngine) certificates() (server, client time.Time) { return e.peer.ends() }
