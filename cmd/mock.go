package cmd

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/hauth/hauth/internal/mockvendor"
	"github.com/hauth/hauth/pkg/auth"
)

type mockOptions struct {
	listen    string
	ttl       time.Duration
	latency   time.Duration
	fail      string
	providers []string
}

func newMockCmd(a *app) *cobra.Command {
	var o mockOptions
	c := &cobra.Command{
		Use:   "mock",
		Short: "Serve vendors on this machine, for trying and testing",
		Long: `Serve 123pan, Hitem3D and Wahool on this machine, as strictly as their documents
describe them, until interrupted. A terminal shows their endpoints, and lines to
paste that use the test credentials. Anything else gets one JSON object per
vendor and line: its endpoint, its test credentials and the environment
variables that use them.

With --provider it serves any other vendor as its provider file describes it,
your own included: it takes the request that the file writes, and no other, and
answers where the file looks for it.`,
		Example: examples(`hauth mock`, `hauth mock --ttl 45s --fail throttled`, `hauth mock --provider acme`),
		Args:    noArguments,
		RunE:    func(*cobra.Command, []string) error { return runMock(a, o) },
	}
	c.Flags().StringVar(&o.listen, "listen", "127.0.0.1:0", "`ADDR`; port 0 means any free port")
	c.Flags().DurationVar(&o.ttl, "ttl", 0, "how long (`DUR`) tokens are valid (default 2h)")
	c.Flags().DurationVar(&o.latency, "latency", 0, "wait `DUR` before each response")
	c.Flags().StringVar(&o.fail, "fail", "", "`HOW`: denied, throttled, system, html or hang")
	c.Flags().StringArrayVar(&o.providers, "provider", nil, "serve only `NAME`, as its provider file describes it; may be repeated")
	c.RegisterFlagCompletionFunc("provider", a.completeProvider)
	c.RegisterFlagCompletionFunc("fail", cobra.FixedCompletions(mockvendor.FailModes(), cobra.ShellCompDirectiveNoFileComp))
	return c
}

func runMock(a *app, o mockOptions) error {
	if o.fail != "" && !slices.Contains(mockvendor.FailModes(), o.fail) {
		return unknownValue("--fail", o.fail, mockvendor.FailModes())
	}
	if o.ttl < 0 || o.latency < 0 {
		return usage("", "--ttl and --latency must not be negative")
	}
	host, _, _ := net.SplitHostPort(o.listen) // an address that cannot be split cannot be listened on
	options := mockvendor.Options{TTL: o.ttl, Latency: o.latency, Fail: o.fail, Host: host, Now: a.env.Now}
	if err := a.mockVendors(&options, o.providers); err != nil {
		return err
	}
	a.catchSignals()
	listener, err := (&net.ListenConfig{}).Listen(a.ctx, "tcp", o.listen)
	if err != nil {
		return usage("--listen 127.0.0.1:0 takes any free port", "cannot listen on %s: %v", auth.Printable(o.listen), err)
	}
	mock := mockvendor.New(options)
	if err := a.printMock(mock.Vendors("http://" + reachable(listener.Addr()))); err != nil {
		listener.Close()
		return err
	}
	server := &http.Server{Handler: mock, ReadHeaderTimeout: 10 * time.Second, BaseContext: func(net.Listener) context.Context { return a.ctx }}
	stop := context.AfterFunc(a.ctx, func() { server.Close() })
	defer stop()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return &auth.Error{Kind: auth.Internal, Fact: "the mock stopped", Err: err}
	}
	return nil
}

// reachable is an address at which this machine reaches a listener: one that
// listens on all addresses is reached on loopback.
func reachable(listener net.Addr) string {
	host, port, err := net.SplitHostPort(listener.String())
	if err == nil && net.ParseIP(host).IsUnspecified() {
		return net.JoinHostPort("127.0.0.1", port)
	}
	return listener.String()
}
