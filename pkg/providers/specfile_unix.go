//go:build unix

package providers

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// openSpecFile does not wait for the writer of a pipe.
func openSpecFile(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
}

// changeable says who else can change the file, which is open, or put another
// in its place: in its directory, or in that of the file that it links to.
func changeable(path string, file fs.FileInfo) (reason string) {
	if reason := changeableInode("file", path, file); reason != "" {
		return reason
	}
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return unreadableFile(err)
	}
	for _, dir := range []string{filepath.Dir(path), filepath.Dir(real)} {
		info, err := os.Stat(dir)
		if err != nil {
			return unreadableFile(err)
		}
		if reason := changeableInode("directory", dir, info); reason != "" {
			return reason
		}
	}
	return ""
}

func changeableInode(what, path string, info fs.FileInfo) (reason string) {
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return fmt.Sprintf("the owner of the %s is not known", what)
	}
	return changeableBy(what, path, info.Mode(), int(st.Uid), os.Geteuid())
}

// changeableBy judges by mode and owner. In a sticky directory others can add
// files but replace none of ours.
func changeableBy(what, path string, mode fs.FileMode, owner, me int) (reason string) {
	switch {
	case owner != me && owner != 0:
		return fmt.Sprintf("the %s belongs to user %d, who can change it; run: chown %d %s", what, owner, me, quote(path))
	case mode.Perm()&0o022 != 0 && !(mode.IsDir() && mode&fs.ModeSticky != 0):
		return fmt.Sprintf("others can change the %s; run: chmod go-w %s", what, quote(path))
	}
	return ""
}
