package providers

import (
	"errors"
	"io/fs"
	"os"

	"github.com/hauth/hauth/internal/disk"
	"github.com/hauth/hauth/internal/text"
	"github.com/hauth/hauth/pkg/auth"
)

func exists(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

// readSpecFile reads a provider file. One that is in use decides where secrets
// go: nobody else may be able to change or replace it. Every error is of kind
// Usage and names the file.
func readSpecFile(path string, inUse bool) ([]byte, error) {
	f := disk.File{Path: path, Limit: MaxFile, Links: true, Others: disk.MayChange}
	if inUse {
		f.Others = disk.MayRead
	}
	src, err := disk.Read(f)
	if err == nil {
		return src, nil
	}
	if e, ok := auth.AsError(err); ok {
		refused := *e
		refused.Kind = auth.Usage
		return nil, &refused
	}
	reason := "the file cannot be read: " + auth.Printable(text.WithoutPath(err).Error())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		reason = "there is no such file"
	case errors.Is(err, disk.ErrNotRegular):
		reason = disk.ErrNotRegular.Error()
	case errors.Is(err, disk.ErrTooBig):
		reason = tooLarge
	}
	return nil, &auth.Error{Kind: auth.Usage, Fact: Problems{{Reason: reason}}.In(path)}
}
