package cmd

import (
	"net"
	"os"
	"runtime"
	"slices"
	"strings"
	"syscall"

	"github.com/hauth/hauth/internal/proxy"
	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/hauth"
)

// runProxied runs a command to its end with the accounts' addresses in its
// environment in place of tokens, and ends with the command's status.
func (a *app) runProxied(path string, argv []string, accounts []auth.Account, names map[auth.Account][]string, policy policyOptions) error {
	child := a.newSupervisor()
	defer child.end()
	settings, closeLog, err := policy.open(a)
	if err != nil {
		return err
	}
	defer closeLog()
	listener, err := proxy.Listen(proxy.DefaultListen)
	if err != nil {
		return &auth.Error{Kind: auth.Internal, Fact: "the proxy cannot listen", Err: err}
	}
	settings.Accounts = accounts
	p, err := a.openProxy(settings)
	if err != nil {
		return err
	}
	environ := a.proxiedEnviron()
	for i, account := range accounts {
		address := "http://" + listener.Addr().String() + "/" + p.Paths()[i]
		for _, name := range addressNames(account, names[account], len(accounts) == 1) {
			environ = setEnv(environ, name, address)
		}
	}
	// On Linux a child dies with the thread that started it.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var status syscall.WaitStatus
	err = child.start(program{path: path, argv: argv, environ: environ, stdout: os.Stdout, stderr: os.Stderr, attributes: diesWithParent()})
	if err == nil {
		go a.serve(p, listener) // the kernel holds connections that come before
		status, err = child.wait()
	}
	// The server is not stopped: short commands would feel that, and the end of
	// this process does it as well.
	settle(p)
	if err != nil {
		return err
	}
	return endAs(status)
}

// serve serves a proxy until the process ends.
func (a *app) serve(p *proxy.Proxy, l net.Listener) {
	if err := p.Serve(l); err != nil {
		a.notice("", auth.Message(err))
	}
}

// addressNames are the variables that hold an account's address.
func addressNames(account auth.Account, given []string, only bool) []string {
	if len(given) > 0 {
		return given
	}
	names := []string{account.EnvPrefix() + "_URL"}
	if only {
		names = append(names, "HAUTH_URL")
	}
	return names
}

// proxiedEnviron is what a command inherits that must not use hauth's store.
// Of hauth's variables it gets only HAUTH_NO_INPUT and HAUTH_EXEC. It must reach
// the proxy directly, without another proxy in between.
func (a *app) proxiedEnviron() []string {
	environ := slices.DeleteFunc(a.childEnviron(), func(kv string) bool {
		name := hauth.NameOf(kv)
		return strings.HasPrefix(name, hauthPrefix) && name != removedVariable && name != "HAUTH_NO_INPUT"
	})
	return withoutProxyFor(environ, "127.0.0.1,localhost,::1")
}

// withoutProxyFor adds hosts to NO_PROXY and to no_proxy: some programs read
// only one of them, others prefer one.
func withoutProxyFor(environ []string, hosts string) []string {
	var upper, lower string
	for _, kv := range environ {
		switch name, value := hauth.SplitEntry(kv); name {
		case "no_proxy":
			lower = value
		case "NO_PROXY":
			upper = value
		}
	}
	if upper == "" {
		upper = lower
	}
	if lower == "" {
		lower = upper
	}
	environ = setEnv(environ, "no_proxy", joined(lower, hosts))
	return setEnv(environ, "NO_PROXY", joined(upper, hosts)) // on Windows, instead of it
}

func joined(list, hosts string) string {
	switch list = strings.TrimRight(list, ", "); list {
	case "":
		return hosts
	case "*": // every host
		return list
	}
	return list + "," + hosts
}
