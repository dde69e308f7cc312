package cmd

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/hauth/hauth/internal/mockvendor"
	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/hauth"
)

func newDemoCmd(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "demo",
		Short: "The whole tour against the built-in mock, in a sandbox",
		Long: `The whole tour against the built-in mock: every command is shown, then really
run, in a temporary sandbox of its own that is removed at the end. It needs no
account, no keyring and no network.`,
		Args: noArguments,
		RunE: func(*cobra.Command, []string) error { return runDemo(a) },
	}
}

// demo is a tour in progress.
type demo struct {
	app     *app
	mock    *mockvendor.Server
	environ []string
	paint   painter
	curls   bool // hauth curl works here
}

func runDemo(a *app) error {
	a.catchSignals()
	// The demo must clean up even if its reader goes away: with SIGPIPE
	// caught, only the write fails.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	dir, err := os.MkdirTemp("", "hauth-demo-")
	if err != nil {
		return &auth.Error{Kind: auth.Internal, Fact: "cannot create the sandbox", Err: err}
	}
	defer os.RemoveAll(dir)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return &auth.Error{Kind: auth.Internal, Fact: "the mock cannot listen", Err: err}
	}
	d := &demo{app: a, mock: mockvendor.New(mockvendor.Options{}), paint: a.painter(a.env.Stdout)}
	server := &http.Server{Handler: d.mock, ReadHeaderTimeout: 10 * time.Second}
	go server.Serve(listener)
	defer server.Close()

	_, err = exec.LookPath("curl")
	d.curls = err == nil
	if d.environ, err = sandbox(a, dir); err != nil {
		return &auth.Error{Kind: auth.Internal, Fact: "cannot set up the sandbox", Err: err}
	}
	return d.tour("http://" + listener.Addr().String())
}

// sandbox makes a home for the demo's processes, with hauth on their PATH,
// and the environment that points there.
func sandbox(a *app, dir string) ([]string, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	bin, run := filepath.Join(dir, "bin"), filepath.Join(dir, "run")
	err = errors.Join(os.Mkdir(bin, 0o700), os.Mkdir(run, 0o700))
	if err == nil && runtime.GOOS == "windows" {
		bin = filepath.Dir(self) // a symbolic link takes a privilege there
	} else if err == nil {
		err = os.Symlink(self, filepath.Join(bin, "hauth"))
	}
	if err != nil {
		return nil, err
	}
	var environ []string
	for _, kv := range foreignEnviron(a.env.Environ) {
		switch name := strings.ToUpper(hauth.NameOf(kv)); {
		case strings.HasPrefix(name, "XDG_"), strings.HasSuffix(name, "_PROXY"):
		default:
			environ = append(environ, kv)
		}
	}
	for _, kv := range [][2]string{
		{"HOME", dir}, {"HAUTH_HOME", filepath.Join(dir, "hauth")}, {"XDG_RUNTIME_DIR", run}, {"CURL_HOME", dir},
		{"HAUTH_NO_INPUT", "1"}, {"PATH", bin + string(os.PathListSeparator) + a.getenv("PATH")},
	} {
		environ = setEnv(environ, kv[0], kv[1])
	}
	return environ, nil
}

func (d *demo) tour(base string) error {
	for _, v := range d.mock.Vendors(base) {
		if v.Provider == "wahool-authorization" {
			continue // as wahool, on another path
		}
		if err := d.vendor(v); err != nil {
			return err
		}
	}
	d.say("All accounts at a glance; then they are deleted.")
	return d.steps([]step{{"hauth status", 0}, {"hauth logout --all", 0}})
}

// step is a command and the exit code that it must end with.
type step struct {
	line string
	exit int
}

func (d *demo) vendor(v mockvendor.Vendor) error {
	provider, err := d.app.catalogue().Find(v.Provider)
	if err != nil {
		return err
	}
	first, _ := provider.FirstPublicVar()
	name := v.Provider
	prefix := auth.Account{Provider: name, Profile: auth.DefaultProfile}.EnvPrefix()
	d.environ = setEnv(d.environ, "SECRET", v.Credentials[provider.SecretVars()[0].Name])
	login := func(secret, account string) string {
		return fmt.Sprintf(`printf %%s %s | hauth login %s --id %s --secret-stdin --store file --endpoint %s`,
			secret, account, v.Credentials[first.Name], v.Endpoint)
	}
	d.say(provider.Title)
	steps := []step{
		{login(`"$SECRET"`, name), 0},
		{"hauth token " + name, 0},
		{fmt.Sprintf(`hauth exec %s -- sh -c 'echo "a token of ${#HAUTH_TOKEN} characters, valid until $%s_EXPIRES_AT"'`, name, prefix), 0},
	}
	if d.curls {
		steps = append(steps, step{fmt.Sprintf("hauth curl %s %s -sS", name, v.Call), 0})
	}
	steps = append(steps, step{"hauth refresh " + name, 0}, step{"hauth status " + name, 0})
	if err := d.steps(steps); err != nil {
		return err
	}
	if name == "123pan" && d.curls { // its documentation mentions tokens that are logged out
		if err := d.repair(v); err != nil {
			return err
		}
	}
	d.say("The vendor throttles: the error says so, and the valid token is kept.")
	d.mock.SetFail(name, "throttled")
	if err := d.steps([]step{{"hauth refresh " + name, auth.Throttled.Exit()}, {"hauth token " + name + " -o json", 0}}); err != nil {
		return err
	}
	d.mock.SetFail(name, "")
	d.say("A wrong secret is refused, and nothing is stored.")
	return d.steps([]step{{login("wrong-secret", name+"/other"), auth.Denied.Exit()}, {"hauth status " + name + "/other", auth.NotFound.Exit()}})
}

// repair lets the vendor revoke the token while a client that knows nothing
// of tokens is using it. It comes before the step in which the vendor
// throttles, which would delay the new token.
func (d *demo) repair(v mockvendor.Vendor) error {
	d.say("The vendor revokes the token. A client that uses hauth's proxy does not notice, and never sees a token.")
	d.mock.Revoke(v.Provider, "all")
	return d.steps([]step{
		{fmt.Sprintf("hauth curl %s %s -sS", v.Provider, v.Call), 0},
		{fmt.Sprintf(`hauth exec %s --proxy -- sh -c 'curl -sS "$HAUTH_URL%s"'`, v.Provider, v.Call), 0},
	})
}

func (d *demo) say(text string) {
	fmt.Fprintf(d.app.env.Stdout, "\n%s\n", d.paint.bold("# "+text))
}

// steps shows and runs commands. If one ends with another code than
// expected, the demo fails.
func (d *demo) steps(steps []step) error {
	for _, s := range steps {
		if err := d.app.print(d.paint.paint(green, "$") + " " + d.paint.bold(s.line) + "\n"); err != nil {
			return err
		}
		exit, err := d.run(s.line)
		switch {
		case d.app.ctx.Err() != nil:
			return &auth.Error{Kind: auth.Interrupted, Fact: "interrupted"}
		case err != nil:
			return &auth.Error{Kind: auth.Internal, Fact: "the demo cannot run its commands", Err: err, Hint: "it needs a POSIX shell, sh, in PATH"}
		case exit != s.exit:
			return &auth.Error{Kind: auth.Internal, Fact: fmt.Sprintf("the command above ended with %d, not %d", exit, s.exit)}
		case exit != 0:
			fmt.Fprintln(d.app.env.Stdout, d.paint.faint(fmt.Sprintf("(exit %d)", exit)))
		}
	}
	return nil
}

func (d *demo) run(line string) (exit int, err error) {
	ctx, cancel := context.WithTimeout(d.app.ctx, time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, "sh", "-c", line)
	c.Env = d.environ
	c.Stdout, c.Stderr = d.app.env.Stdout, d.app.env.Stderr
	err = c.Run()
	var exited *exec.ExitError
	if errors.As(err, &exited) {
		return exited.ExitCode(), nil
	}
	return 0, err
}
