package cmd

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/hauth/hauth/pkg/auth"
)

// recoverPanic turns a panic into an internal error, because the runtime's own
// exit code means wrong usage here. A panic value that is not the runtime's
// may contain a secret, so only its type is printed. The stack shows functions
// and addresses, but no data.
func (a *app) recoverPanic(exit *int) {
	value := recover()
	if value == nil {
		return
	}
	what := fmt.Sprintf("%T", value)
	if e, ok := value.(runtime.Error); ok {
		what = auth.Printable(e.Error())
	}
	if a.debug {
		fmt.Fprintf(a.env.Stderr, "%s", debug.Stack())
	}
	*exit = a.finish(&auth.Error{Kind: auth.Internal, Fact: "bug in hauth: panic: " + what, Hint: "run the command again with --debug and report what it prints"})
}
