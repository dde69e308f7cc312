package disk

import (
	"io/fs"
	"testing"

	"golang.org/x/sys/windows"

	"github.com/hauth/hauth/pkg/auth"
)

// Windows has numbers of its own for a full disk.
func TestCannotWindows(t *testing.T) {
	for err, want := range map[error]auth.Remedy{
		windows.ERROR_DISK_FULL:           auth.RemedySpace,
		windows.ERROR_HANDLE_DISK_FULL:    auth.RemedySpace,
		windows.ERROR_DISK_QUOTA_EXCEEDED: auth.RemedyQuota,
		windows.ERROR_ACCESS_DENIED:       auth.RemedyLookDir,
		windows.ERROR_WRITE_PROTECT:       auth.RemedyLookDir,
	} {
		e, ok := auth.AsError(Cannot("write", `C:\x`, &fs.PathError{Op: "write", Path: `C:\x`, Err: err}))
		if !ok || e.Remedy != want {
			t.Errorf("%v: %q, not %q", err, e.Remedy, want)
		}
	}
}
