package cmd

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hauth/hauth/internal/proxy"
	"github.com/hauth/hauth/internal/text"
	"github.com/hauth/hauth/pkg/auth"
)

type proxyOptions struct {
	listen string
	socket string
	hosts  []string
	policy policyOptions
}

func newProxyCmd(a *app) *cobra.Command {
	var o proxyOptions
	c := &cobra.Command{
		Use:   "proxy ACCOUNT...",
		Short: "Serve accounts' APIs on this machine, with the token added",
		Long: `Serve the APIs of accounts at addresses on this machine until interrupted. A
program that uses such an address needs no token: each request gets what the
vendor requires, the token is kept fresh, and one that the API no longer accepts
is replaced and the request repeated. hauth prints one line per account with its
address, in shell syntax.

hauth exec --proxy does the same for one command and ends with it; prefer it if
there is a command to start. hauth help proxy explains what this protects and
what it does not.`,
		Example: examples(
			`hauth proxy 123pan --read-only`,
			`hauth proxy 123pan --socket "$XDG_RUNTIME_DIR/pan.sock" --log pan.log`,
			`hauth proxy 123pan --listen 172.17.0.1:8123 --host host.docker.internal`,
		),
		ValidArgsFunction: a.completeAccounts,
		RunE:              func(c *cobra.Command, args []string) error { return runProxy(a, o, args) },
	}
	c.Flags().StringVar(&o.listen, "listen", "", "`ADDR`; port 0 means any free port (default 127.0.0.1:0)")
	c.Flags().StringVar(&o.socket, "socket", "", "listen on the Unix socket `PATH` instead; only this user can connect to it")
	c.Flags().StringArrayVar(&o.hosts, "host", nil, "`NAME` by which clients reach this machine, besides localhost")
	o.policy.add(c.Flags())
	return c
}

func runProxy(a *app, o proxyOptions, args []string) error {
	if len(args) == 0 {
		return usage("hauth proxy 123pan", "expected at least one ACCOUNT")
	}
	accounts, err := someAccounts(args)
	if err != nil {
		return err
	}
	if o.listen != "" && o.socket != "" {
		return usage("", "--listen and --socket cannot be combined")
	}
	for _, host := range o.hosts {
		if !validHost(host) {
			return usage("--host takes a name or an address, without scheme and port", "--host %q is not a host", auth.Printable(host))
		}
	}
	settings, closeLog, err := o.policy.open(a)
	if err != nil {
		return err
	}
	defer closeLog()
	listener, err := o.listenOn()
	if err != nil {
		return err
	}
	defer listener.Close()
	a.catchSignals()
	settings.Accounts, settings.Hosts = accounts, o.hosts
	p, err := a.openProxy(settings)
	if err != nil {
		return err
	}
	if !proxy.OnLoopback(listener) {
		a.notice("", "anyone who can reach "+listener.Addr().String()+" and has an address printed here can use the account; what is sent there is not encrypted")
	}
	if err := a.printAddresses(accounts, p.Paths(), o, listener); err != nil {
		return err
	}
	stop := context.AfterFunc(a.ctx, p.Stop)
	defer stop()
	defer settle(p)
	return p.Serve(listener)
}

func (o proxyOptions) listenOn() (net.Listener, error) {
	if o.socket != "" {
		return proxy.ListenSocket(o.socket)
	}
	return proxy.Listen(cmp.Or(o.listen, proxy.DefaultListen))
}

// openProxy opens the accounts for a proxy. From then on nothing is asked and
// no progress is shown: the terminal belongs to others.
func (a *app) openProxy(settings proxy.Options) (*proxy.Proxy, error) {
	settings.Client = a.client
	settings.Notice = a.notice
	p, err := proxy.Open(a.ctx, settings)
	if e, ok := auth.AsError(err); ok {
		account, _ := auth.ParseAccount(e.Account)
		return nil, about(account, err)
	}
	a.serving.Store(err == nil)
	return p, err
}

// settle waits for a token request that is under way: the vendor may already
// have issued the token.
func settle(p *proxy.Proxy) {
	ctx, cancel := context.WithTimeout(context.Background(), auth.MaxLockWait)
	defer cancel()
	p.Settle(ctx)
}

type addressJSON struct {
	Account string `json:"account"`
	URL     string `json:"url"`
	Socket  string `json:"socket,omitempty"`
}

// printAddresses prints each account's address.
func (a *app) printAddresses(accounts []auth.Account, paths []string, o proxyOptions, listener net.Listener) error {
	host := "localhost"
	if o.socket == "" {
		host = reachable(listener.Addr())
		if _, port, err := net.SplitHostPort(host); err == nil && len(o.hosts) > 0 {
			host = net.JoinHostPort(strings.Trim(o.hosts[0], "[]"), port)
		}
	}
	for i, account := range accounts {
		address := addressJSON{Account: account.String(), URL: "http://" + host + "/" + paths[i], Socket: o.socket}
		if a.json {
			if err := a.printJSON(address); err != nil {
				return err
			}
			continue
		}
		if err := a.print(fmt.Sprintf("export %s_URL=%s\n", account.EnvPrefix(), text.Quote(address.URL))); err != nil {
			return err
		}
	}
	if o.socket != "" {
		a.notice("", "the addresses are reached through the socket: curl --unix-socket "+text.Word(o.socket))
	}
	return nil
}

// validHost accepts a name or an address, as a Host header has it.
func validHost(host string) bool {
	if inner, ok := strings.CutPrefix(host, "["); ok {
		host = strings.TrimSuffix(inner, "]")
	}
	if net.ParseIP(host) != nil {
		return true
	}
	return host != "" && !strings.ContainsFunc(host, func(r rune) bool { return !text.IsAlphanumeric(r) && r != '.' && r != '-' && r != '_' })
}
