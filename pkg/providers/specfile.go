package providers

import (
	"errors"
	"io"
	"io/fs"
	"os"

	"github.com/hauth/hauth/pkg/auth"
)

func exists(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

// readSpecFile reads a provider file, or says why not. A file that is in use
// decides where secrets go: nobody else may be able to change or replace it.
func readSpecFile(path string, inUse bool) (src []byte, reason string) {
	file, err := openSpecFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, "there is no such file"
	}
	if err != nil {
		return nil, unreadableFile(err)
	}
	defer file.Close()
	// What is open is looked at, not what the path names by now.
	info, err := file.Stat()
	switch {
	case err != nil:
		return nil, unreadableFile(err)
	case !info.Mode().IsRegular():
		return nil, "not a regular file"
	}
	if inUse {
		if reason := changeable(path, info); reason != "" {
			return nil, reason
		}
	}
	src, err = io.ReadAll(io.LimitReader(file, maxSpecSize+1))
	if err != nil {
		return nil, unreadableFile(err)
	}
	return src, ""
}

func unreadableFile(err error) string { return "the file cannot be read: " + cause(err) }

// cause is an error without the path, which the caller puts first.
func cause(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return auth.Printable(err.Error())
}
