package cmd

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/hauth/hauth/pkg/auth"
)

// recoverPanic ends a run that has panicked as an internal error does, not
// with the runtime's own exit code, which means wrong usage here. A value that
// the runtime did not make may be anything, a secret among it: of that only
// the type is printed. The stack shows functions and addresses, no content.
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
	*exit = a.finish(&auth.Error{Kind: auth.Internal, Fact: "a defect in hauth: panic: " + what, Hint: "run the command again with --debug and report what it prints"})
}
