package providers

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/hauth/hauth/internal/disk"
	"github.com/hauth/hauth/internal/text"
	"github.com/hauth/hauth/pkg/auth"
)

// A command is an external program that mints tokens, for what the format
// cannot say: single sign-on, encryption, two steps. It gets the credentials
// as one JSON object on stdin, by variable name, with the account's endpoint
// as "endpoint", and answers with one on stdout:
//
//	{"token": "…", "type": "Bearer", "expires_in": 3600, "rotated": {}}
//	{"error": {"kind": "denied", "code": "…", "message": "…"}}
//
// expires_at (RFC 3339, or seconds since 1970) may stand for expires_in, and
// kind is denied, refused, throttled or transient. What it writes to stderr
// becomes trace lines, redacted. The account is bound to the program's path
// and arguments, not to its content: whoever may change the file may change
// what happens to the credentials, and so the file must belong to the user or
// to root and be closed to others.

const (
	maxCommandTrace = 200 // lines
	commandDrain    = time.Second
)

// commandAnswer fills in where a command's answer has what.
func (d *decoder) commandAnswer(s *Spec) {
	if !d.has("command") {
		return
	}
	if !d.has("token") {
		s.Token = []string{"token"}
	}
	if !d.has("expires") {
		s.Expires = []Expiry{{At: "expires_in", As: AsSeconds}, {At: "expires_at", As: AsRFC3339}, {At: "expires_at", As: AsEpochS}}
	}
	if !d.has("error") {
		s.Error = ErrorPaths{Code: []string{"error.code"}, Message: []string{"error.message"}}
	}
}

func (e *Engine) runCommand(ctx context.Context, creds auth.Credentials) (auth.Grant, error) {
	p := e.Provider
	if err := checkCommand(p.Command[0]); err != nil {
		return auth.Grant{}, err
	}
	input, err := p.commandInput(creds)
	if err != nil {
		return auth.Grant{}, err
	}
	secrets := e.secrets(creds)
	begun := e.now()
	stdout, err := e.startCommand(ctx, p.Command, input, secrets)
	if err != nil {
		return auth.Grant{}, err
	}
	a := &answer{status: 200}
	a.read(stdout)
	clock := newClock(begun, e.now(), nil)
	secrets = append(secrets, p.tokensIn(a)...)
	if failure := p.commandFailure(a, secrets); failure != nil {
		return auth.Grant{}, failure
	}
	grant, err := e.grant(a, clock, creds, secrets)
	if kind, _ := a.text("type"); err == nil && grant.Token.Type == "" && validHeaderName(kind) {
		grant.Token.Type = kind
	}
	return grant, err
}

// commandInput is the credentials as a JSON object.
func (s *Spec) commandInput(creds auth.Credentials) ([]byte, error) {
	object, value := map[string]any{"endpoint": creds.Endpoint}, s.variables(creds)
	for _, v := range s.Vars {
		text, err := s.jsonText("{"+v.Name+"}", value, true)
		if errors.Is(err, errLeftOut) {
			continue
		}
		if err != nil {
			return nil, err
		}
		object[v.Name] = text
	}
	return compactJSON(object)
}

// startCommand runs the program to its end and returns what it wrote. An
// answer is read whatever the exit status: a program that reports an error may
// well exit with one.
func (e *Engine) startCommand(ctx context.Context, argv []string, input []byte, secrets []auth.Secret) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, auth.MaxExchange)
	defer cancel()
	var stdout, stderr bounded
	stdout.left, stderr.left = maxAnswer+1, maxAnswer
	c := exec.CommandContext(ctx, argv[0], argv[1:]...)
	c.Env = withoutOwn(os.Environ())
	c.Stdin, c.Stdout, c.Stderr = bytes.NewReader(append(input, '\n')), &stdout, &stderr
	c.WaitDelay = commandDrain // a child of the program that holds a stream open
	endTogether(c)
	e.trace("> running " + auth.Redact(strings.Join(argv, " "), secrets...))
	err := c.Run()
	e.traceStderr(stderr.Bytes(), secrets)
	name := auth.Printable(filepath.Base(argv[0]))
	var exit *exec.ExitError
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return nil, &auth.Error{Kind: auth.Interrupted, Fact: "interrupted while " + name + " was running"}
	case ctx.Err() != nil:
		return nil, &auth.Error{Kind: auth.Vendor, Fact: name + " did not end in time", Retryable: true}
	case errors.As(err, &exit) && len(bytes.TrimSpace(stdout.Bytes())) == 0:
		return nil, &auth.Error{Kind: auth.Vendor, Fact: fmt.Sprintf("%s failed (%s); --debug shows what it says", name, exit.ProcessState)}
	case err != nil && exit == nil && !errors.Is(err, exec.ErrWaitDelay):
		return nil, &auth.Error{Kind: auth.Usage, Fact: name + " cannot be run: " + auth.Printable(text.WithoutPath(err).Error())}
	}
	return stdout.Bytes(), nil
}

// commandFailure is what the program's error object says, or that its answer
// is not one.
func (p *Provider) commandFailure(a *answer, secrets []auth.Secret) *auth.Error {
	reported := a.find("error") != nil
	if !reported && p.rawToken(a) != "" {
		return nil
	}
	if !reported {
		return p.noToken(a, secrets)
	}
	kind, _ := a.text("error.kind")
	code := a.first(p.Error.Code)
	switch kind {
	case CodeDenied, CodeRefused, CodeThrottled, CodeTransient:
	default:
		kind = p.meaningOf(code)
	}
	failure := &auth.Error{Kind: auth.Vendor, Fact: "the command did not give a token"}
	if kind != "" {
		failure = p.failure(kind, nil)
	}
	failure.VendorCode = strings.TrimRight(short(auth.Printable(code, secrets...)), ": ")
	failure.VendorMessage = auth.Printable(a.first(p.Error.Message), secrets...)
	return failure
}

func (e *Engine) traceStderr(text []byte, secrets []auth.Secret) {
	if e.Trace == nil {
		return
	}
	n := 0
	for line := range bytes.Lines(text) {
		if n++; n > maxCommandTrace {
			e.trace("< … and more, not shown")
			return
		}
		e.trace("< " + auth.Printable(string(line), secrets...))
	}
}

// withoutOwn drops hauth's own variables: they may hold other accounts'
// secrets, and the program has been given what it needs.
func withoutOwn(environ []string) []string {
	return slices.DeleteFunc(slices.Clone(environ), func(kv string) bool { return strings.HasPrefix(strings.ToUpper(kv), "HAUTH_") })
}

// checkCommand refuses a program that somebody else could have put there.
func checkCommand(path string) error {
	err := disk.Check(path, disk.MayRead)
	if err == nil {
		return nil
	}
	if e, ok := auth.AsError(err); ok {
		refused := *e
		refused.Kind = auth.Usage
		return &refused
	}
	return &auth.Error{Kind: auth.Usage, Fact: "cannot run " + auth.Printable(path), Err: text.WithoutPath(err), Remedy: auth.RemedyLook, Subject: path}
}

// bounded is a buffer that takes so many bytes and drops the rest.
type bounded struct {
	bytes.Buffer
	left int
}

func (b *bounded) Write(p []byte) (int, error) {
	n := min(len(p), b.left)
	b.left -= n
	b.Buffer.Write(p[:n])
	return len(p), nil
}

var _ io.Writer = (*bounded)(nil)
