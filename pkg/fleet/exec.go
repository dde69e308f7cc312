package fleet

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// execEngine asks a program, which is run once per call: one line of JSON on
// its standard input, one on its standard output. A call may take as long as
// the caller has, and the time that it tells may be one in whole seconds.
type execEngine struct {
	target Target
	path   string
}

type (
	execRequest struct {
		Op      string          `json:"op"`
		Name    string          `json:"name"`
		Version json.RawMessage `json:"version,omitempty"` // as it was told
		Data    []byte          `json:"data,omitempty"`
		KeepS   int64           `json:"keep_s,omitempty"`
	}
	execAnswer struct {
		Data     []byte          `json:"data"`
		Version  json.RawMessage `json:"version"`
		NowMS    *int64          `json:"now_ms"`
		OK       bool            `json:"ok"`
		Conflict bool            `json:"conflict"`
		Error    *string         `json:"error"`
	}
)

func (e *execEngine) Read(ctx context.Context, name string) (Entry, error) {
	a, err := e.run(ctx, execRequest{Op: "read", Name: name})
	if err != nil {
		return Entry{}, err
	}
	if a.NowMS == nil || a.OK || a.Conflict {
		return Entry{}, e.target.wrong(`the program did not answer {"data":…, "version":…, "now_ms":…}`)
	}
	return Entry{Data: a.Data, Version: string(a.Version), Now: time.UnixMilli(*a.NowMS), Tick: time.Second}, nil
}

// Swap is told no version when it replaces what an earlier Swap left. It looks
// what that is called, then.
func (e *execEngine) Swap(ctx context.Context, name string, was Entry, data []byte, keep time.Duration) (Entry, error) {
	if was.Version == "" && was.Data != nil {
		there, err := e.Read(ctx, name)
		if err != nil {
			return Entry{}, err
		}
		if !bytes.Equal(there.Data, was.Data) {
			return Entry{}, ErrConflict
		}
		was = there
	}
	version := json.RawMessage(was.Version)
	if len(version) == 0 {
		version = json.RawMessage("null")
	}
	a, err := e.run(ctx, execRequest{Op: "swap", Name: name, Version: version, Data: data, KeepS: int64(keep.Seconds())})
	switch {
	case err != nil:
		return Entry{}, err
	case a.Conflict:
		return Entry{}, ErrConflict
	case !a.OK:
		return Entry{}, e.target.wrong(`the program did not answer {"ok":true} or {"conflict":true}`)
	}
	return Entry{Data: data, Version: string(a.Version)}, nil
}

func (e *execEngine) run(ctx context.Context, r execRequest) (execAnswer, error) {
	if err := checkProgram(e.path); err != nil {
		return execAnswer{}, &auth.Error{
			Kind: auth.Store, Fact: "the fleet engine " + e.target.String() + " is not run", Err: err,
			Remedy: auth.RemedyLook, Subject: e.path,
		}
	}
	line, err := json.Marshal(r)
	if err != nil {
		return execAnswer{}, &auth.Error{Kind: auth.Internal, Fact: "a request to the fleet engine cannot be encoded", Err: err}
	}
	c := exec.CommandContext(ctx, e.path)
	c.Env = withoutSecrets(os.Environ())
	c.Stdin = bytes.NewReader(append(line, '\n'))
	var stdout, stderr bounded
	c.Stdout, c.Stderr = &stdout, &stderr
	c.WaitDelay = time.Second // for what holds the pipes after the program has ended
	inOwnGroup(c)
	err = c.Run()
	switch {
	case ctx.Err() != nil:
		return execAnswer{}, e.target.unavailable("no response in time")
	case errors.Is(err, exec.ErrWaitDelay):
		err = nil // such as a connection of ssh's that others share: the answer is there
	}
	var a execAnswer
	decoded := json.Unmarshal(bytes.TrimSpace(stdout.data), &a) == nil && len(stdout.data) < maxAnswer
	switch {
	case decoded && a.Error != nil:
		return execAnswer{}, e.target.unavailable(said(*a.Error, 0))
	case err != nil:
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			first, _, _ := strings.Cut(strings.TrimSpace(string(stderr.data)), "\n")
			return execAnswer{}, e.target.unavailable(strings.TrimSpace(fmt.Sprintf("%s %s", exit, auth.Printable(first))))
		}
		return execAnswer{}, e.target.wrong(printableError(err).Error())
	case !decoded:
		return execAnswer{}, e.target.wrong("the program did not answer in JSON")
	}
	return a, nil
}

// bounded keeps the beginning of what is written to it.
type bounded struct{ data []byte }

func (b *bounded) Write(p []byte) (int, error) {
	b.data = append(b.data, p[:min(len(p), maxAnswer-len(b.data))]...)
	return len(p), nil
}

// withoutSecrets is an environment without hauth's variables, the credentials
// among them: the program has no use for them.
func withoutSecrets(environ []string) []string {
	var out []string
	for _, kv := range environ {
		if !strings.HasPrefix(strings.ToUpper(kv), "HAUTH_") {
			out = append(out, kv)
		}
	}
	return out
}

// Close has nothing to do: no program runs between two calls.
func (e *execEngine) Close() {}
