package cmd

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/hauth/hauth/pkg/hauth"
)

// The verbs of the scripts, besides testscript's own:
//
//	hauth ARG...            run hauth, which must exit with 0 ("!": not with 0)
//	sh 'SCRIPT'             run a POSIX shell
//	setenv NAME=VALUE...    for the processes to come; unsetenv NAME...
//	start NAME COMMAND      run in the background; signal NAME SIG; finish NAME
//	parallel N COMMAND      run N at once; stdout then has the distinct outputs
//	real-hauth              from now on hauth is the program as it ships: no race
//	                        detector, no clock to turn, fast in large numbers
//	tty FILE COMMAND        hold the conversation in FILE on a terminal
//
// Before hauth and sh there may stand, in any order:
//
//	expect-exit N           the exit code, or SIGTERM for a death by signal
//	token-ok                stdout may hold tokens; it never may otherwise
//	from FILE               stdin
//	within DUR              it must not take longer
//
// The vendors are in script_mock_test.go and script_acme_test.go, the engine of
// a fleet in script_redis_test.go, the verbs for files in script_files_test.go, the
// JSON verbs in script_json_test.go.
func scriptVerbs() map[string]func(*testscript.TestScript, bool, []string) {
	verbs := map[string]func(*testscript.TestScript, bool, []string){
		"setenv":   verbSetenv,
		"unsetenv": verbUnsetenv,
		"start":    verbStart,
		"signal":   verbSignal,
		"finish":   verbFinish,
		"parallel": verbParallel,
		"lines":    verbLines,

		"real-hauth": verbRealHauth,
		"tty":        verbTTY,
	}
	for _, name := range []string{"hauth", "sh", "expect-exit", "token-ok", "from", "within"} {
		verbs[name] = func(ts *testscript.TestScript, neg bool, args []string) {
			verbRun(ts, neg, append([]string{name}, args...))
		}
	}
	addFileVerbs(verbs)
	addMockVerbs(verbs)
	addAcmeVerbs(verbs)
	addBusVerbs(verbs)
	addJSONVerbs(verbs)
	addRedisVerbs(verbs)
	return verbs
}

// order is a command and its expected outcome.
type order struct {
	argv    []string
	want    string // status; "!0": any but 0
	tokenOK bool
	stdin   string
	within  time.Duration
}

// readOrder reads the words before a command, and the command.
func readOrder(ts *testscript.TestScript, neg bool, words []string) order {
	o := order{want: "0"}
	if neg {
		o.want = "!0"
	}
	for len(words) > 0 {
		name := words[0]
		words = words[1:]
		if name != "token-ok" && len(words) == 0 && name != "hauth" {
			break
		}
		switch name {
		case "expect-exit":
			o.want, words = words[0], words[1:]
		case "token-ok":
			o.tokenOK = true
		case "from":
			o.stdin, words = ts.MkAbs(words[0]), words[1:]
		case "within":
			d, err := time.ParseDuration(words[0])
			ts.Check(err)
			o.within, words = d, words[1:]
		case "hauth":
			o.argv = append([]string{"hauth"}, words...)
			return o
		case "sh":
			o.argv = append([]string{"sh", "-c"}, words...)
			return o
		default:
			ts.Fatalf("%q is neither hauth nor sh, nor may it stand before them", name)
		}
	}
	ts.Fatalf("a command is missing")
	return o
}

func verbRun(ts *testscript.TestScript, neg bool, words []string) {
	s := scriptOf(ts)
	p, err := s.start(readOrder(ts, neg, words), ts.MkAbs("."))
	ts.Check(err)
	<-p.done
	s.judge(ts, p)
}

// judge logs what a process printed, searches it for secrets, and compares
// the exit status with the expected one.
func (s *script) judge(ts *testscript.TestScript, p *process) {
	ts.Stdout().Write(p.stdout.Bytes())
	ts.Stderr().Write(p.stderr.Bytes())
	line := strings.Join(p.order.argv, " ")
	s.scan("stdout of "+line, p.stdout.Bytes(), p.order.tokenOK)
	s.scan("stderr of "+line, p.stderr.Bytes(), false)
	o := p.order
	switch {
	case p.took >= patience:
		ts.Fatalf("it hangs")
	case o.want == "!0" && p.status == "0":
		ts.Fatalf("exit 0 was not expected")
	case o.want != "!0" && p.status != o.want:
		ts.Fatalf("it ended with %s, not %s", p.status, o.want)
	case o.within > 0 && p.took > o.within:
		ts.Fatalf("it took %v, more than %v", p.took, o.within)
	}
}

func verbSetenv(ts *testscript.TestScript, _ bool, args []string) {
	s := scriptOf(ts)
	for _, kv := range args {
		name, value, ok := strings.Cut(kv, "=")
		if !ok {
			ts.Fatalf("usage: setenv NAME=VALUE...")
		}
		s.environ = setEnv(s.environ, name, value)
		ts.Setenv(name, value)
	}
}

func verbUnsetenv(ts *testscript.TestScript, _ bool, args []string) {
	s := scriptOf(ts)
	s.environ = unsetEnv(s.environ, args...)
}

func verbStart(ts *testscript.TestScript, neg bool, args []string) {
	s := scriptOf(ts)
	if len(args) < 2 || s.running[args[0]] != nil {
		ts.Fatalf("usage: start NAME COMMAND")
	}
	p, err := s.start(readOrder(ts, neg, args[1:]), ts.MkAbs("."))
	ts.Check(err)
	s.running[args[0]] = p
}

func verbFinish(ts *testscript.TestScript, _ bool, args []string) {
	s := scriptOf(ts)
	p := s.named(ts, args)
	<-p.done
	delete(s.running, args[0])
	s.judge(ts, p)
}

func (s *script) named(ts *testscript.TestScript, args []string) *process {
	if len(args) == 0 || s.running[args[0]] == nil {
		ts.Fatalf("nothing of that name is running")
	}
	return s.running[args[0]]
}

func verbSignal(ts *testscript.TestScript, _ bool, args []string) {
	p := scriptOf(ts).named(ts, args)
	ts.Check(sendSignal(p.cmd.Process, args[1]))
}

// verbParallel runs N processes at once. Each must end as expected; stdout
// then has their distinct outputs, one after the other.
func verbParallel(ts *testscript.TestScript, neg bool, args []string) {
	s := scriptOf(ts)
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	o := readOrder(ts, neg, args[1:])
	all := make([]*process, n)
	for i := range all {
		all[i], err = s.start(o, ts.MkAbs("."))
		ts.Check(err)
	}
	var outputs, complaints []string
	for i, p := range all {
		<-p.done
		s.scan("stderr of "+strings.Join(o.argv, " "), p.stderr.Bytes(), false)
		s.scan("stdout of "+strings.Join(o.argv, " "), p.stdout.Bytes(), o.tokenOK)
		if p.status != o.want {
			complaints = append(complaints, fmt.Sprintf("process %d ended with %s, not %s: %s", i, p.status, o.want, p.stderr.String()))
		}
		outputs = append(outputs, p.stdout.String())
		fmt.Fprint(ts.Stderr(), p.stderr.String())
	}
	slices.Sort(outputs)
	fmt.Fprint(ts.Stdout(), strings.Join(slices.Compact(outputs), ""))
	if len(complaints) > 0 {
		ts.Fatalf("%d of %d failed; the first: %s", len(complaints), n, complaints[0])
	}
}

// verbLines compares the number of lines of stdout or stderr.
func verbLines(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	if text := ts.ReadFile(args[0]); strings.Count(text, "\n") != n || n > 0 && !strings.HasSuffix(text, "\n") {
		ts.Fatalf("%s has %d lines, not %d", args[0], strings.Count(text, "\n"), n)
	}
}

func pathOf(environ []string) []string {
	return filepath.SplitList(hauth.Environ(environ).Get("PATH"))
}
