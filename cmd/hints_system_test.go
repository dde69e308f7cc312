package cmd

import (
	"io/fs"
	"strings"
	"syscall"
	"testing"

	"github.com/hauth/hauth/pkg/auth"
)

// TestLookHintFitsCause: where permissions are not the cause, a hint to look at
// them leads nowhere.
func TestLookHintFitsCause(t *testing.T) {
	for cause, want := range map[error]string{
		syscall.EACCES: hereCommands().lookDir,
		fs.ErrInvalid:  hereCommands().lookDir,
		syscall.EROFS:  "df /some/dir",
		syscall.EMFILE: "ulimit -n",
		syscall.ENFILE: "ulimit -n",
	} {
		e := &auth.Error{
			Kind: auth.Store, Fact: "cannot write /some/dir/file", Err: &fs.PathError{Op: "open", Path: "/some/dir/file", Err: cause},
			Remedy: auth.RemedyLookDir, Subject: "/some/dir",
		}
		if got := new(app).hintFor(e); !strings.Contains(got, want) {
			t.Errorf("%v: %q, want %q in it", cause, got, want)
		}
	}
}
