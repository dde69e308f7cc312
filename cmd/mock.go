package cmd

import (
	"context"
	"errors"
	"maps"
	"net"
	"net/http"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/hauth/hauth/internal/mockvendor"
	"github.com/hauth/hauth/pkg/auth"
)

type mockOptions struct {
	listen  string
	ttl     time.Duration
	latency time.Duration
	fail    string
}

func newMockCmd(a *app) *cobra.Command {
	var o mockOptions
	c := &cobra.Command{
		Use:   "mock",
		Short: "Serve the built-in vendors on this machine, for trying and testing",
		Long: `Serve the built-in vendors on this machine, as strictly as their documents
describe them, until interrupted. One JSON object per vendor tells its
endpoint, its test credentials and the environment variables that use them.`,
		Example: examples(`hauth mock`, `hauth mock --ttl 45s --fail throttled`),
		Args:    cobra.NoArgs,
		RunE:    func(*cobra.Command, []string) error { return runMock(a, o) },
	}
	c.Flags().StringVar(&o.listen, "listen", "127.0.0.1:0", "`ADDR`; port 0 means any free one")
	c.Flags().DurationVar(&o.ttl, "ttl", 0, "`DUR` that the tokens live (default 2h)")
	c.Flags().DurationVar(&o.latency, "latency", 0, "`DUR` before each answer")
	c.Flags().StringVar(&o.fail, "fail", "", "`HOW`: denied, throttled, system, html or hang")
	c.RegisterFlagCompletionFunc("fail", cobra.FixedCompletions(mockvendor.FailModes(), cobra.ShellCompDirectiveNoFileComp))
	return c
}

type mockJSON struct {
	Provider    string            `json:"provider"`
	Endpoint    string            `json:"endpoint"`
	Credentials map[string]string `json:"credentials"`
	Env         []string          `json:"env"`
}

func runMock(a *app, o mockOptions) error {
	if o.fail != "" && !slices.Contains(mockvendor.FailModes(), o.fail) {
		return usage("", "unknown --fail %q: one of %v", auth.Printable(o.fail), mockvendor.FailModes())
	}
	if o.ttl < 0 || o.latency < 0 {
		return usage("", "--ttl and --latency must not be negative")
	}
	a.catchSignals()
	listener, err := (&net.ListenConfig{}).Listen(a.ctx, "tcp", o.listen)
	if err != nil {
		return usage("--listen 127.0.0.1:0 takes any free port", "cannot listen on %s: %v", auth.Printable(o.listen), err)
	}
	mock := mockvendor.New(mockvendor.Options{TTL: o.ttl, Latency: o.latency, Fail: o.fail, Now: a.env.Now})
	for _, v := range mock.Vendors("http://" + listener.Addr().String()) {
		if err := a.printJSON(describeMock(v)); err != nil {
			listener.Close()
			return err
		}
	}
	server := &http.Server{Handler: mock, ReadHeaderTimeout: 10 * time.Second, BaseContext: func(net.Listener) context.Context { return a.ctx }}
	stop := context.AfterFunc(a.ctx, func() { server.Close() })
	defer stop()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return &auth.Error{Kind: auth.Internal, Fact: "the mock stopped", Err: err}
	}
	return nil
}

func describeMock(v mockvendor.Vendor) mockJSON {
	j := mockJSON{Provider: v.Provider, Endpoint: v.Endpoint, Credentials: v.Credentials}
	prefix := auth.Account{Provider: v.Provider, Profile: auth.DefaultProfile}.EnvPrefix() + "_"
	for _, name := range slices.Sorted(maps.Keys(v.Env)) {
		j.Env = append(j.Env, prefix+name+"="+v.Env[name])
	}
	j.Env = append(j.Env, prefix+"ENDPOINT="+v.Endpoint)
	return j
}
