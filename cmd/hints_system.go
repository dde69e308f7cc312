package cmd

import (
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"syscall"

	"github.com/hauth/hauth/internal/text"
	"github.com/hauth/hauth/pkg/auth"
)

// lookHint is how to see why a file or a directory cannot be used: its permissions,
// unless err has another cause, which they do not show.
func lookHint(err error, look, path string) string {
	switch {
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return "close programs that hold many files open, or raise the limit that ulimit -n shows"
	case errors.Is(err, syscall.EROFS):
		return "to see which file system that is, run: df " + text.Word(path)
	}
	return "run: " + look + text.Word(path)
}

// systemCommands are what hints say of the system's own commands, each but the
// last as it stands before a path.
type systemCommands struct{ look, lookDir, remove, space, quota string }

// hereCommands are those that every shell of this system has: on Windows both cmd and
// PowerShell.
func hereCommands() systemCommands {
	if runtime.GOOS == "windows" {
		return systemCommands{look: "dir ", lookDir: "icacls ", remove: "del ", space: "make room on the disk of ", quota: "make room, or ask for a greater quota"}
	}
	return systemCommands{look: "ls -l ", lookDir: "ls -ld ", remove: "rm ", space: "run: df ", quota: "run: quota -s"}
}

// modeHint is how to make a file or a directory private.
func (a *app) modeHint(e *auth.Error) string {
	if runtime.GOOS == "windows" {
		return a.accessListHint(e)
	}
	subject := text.Word(e.Subject)
	switch e.Remedy {
	case auth.RemedyMode:
		return "run: chmod 600 " + subject
	case auth.RemedyDirMode:
		return "run: chmod go-w " + subject
	}
	return "run: chmod 600 " + subject + " && chmod go-w " + text.Word(filepath.Dir(e.Subject))
}

// accessListHint is written so that cmd and PowerShell both understand it. The
// numbers are those of Everyone, Authenticated Users and Users, whose names depend
// on the language.
func (a *app) accessListHint(e *auth.Error) string {
	const inherited = "(OI)(CI)"
	only := func(path, inherit string) string {
		return fmt.Sprintf(`icacls "%s" /inheritance:r /remove:g *S-1-1-0 *S-1-5-11 *S-1-5-32-545 /grant:r "%s:%sF"`, auth.Printable(path), auth.Printable(a.getenv("USERNAME")), inherit)
	}
	switch e.Remedy {
	case auth.RemedyMode:
		return "run: " + only(e.Subject, "")
	case auth.RemedyDirMode:
		return "run: " + only(e.Subject, inherited)
	}
	return "run: " + only(e.Subject, "") + " and " + only(filepath.Dir(e.Subject), inherited)
}
