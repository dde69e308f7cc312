package fleet

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/hauth/hauth/internal/disk"
	"github.com/hauth/hauth/internal/text"
	"github.com/hauth/hauth/pkg/auth"
)

// maxFile bounds the files that a URL names, in bytes.
const maxFile = 1 << 20

// file reads the file that a parameter names; nil if there is none. One
// newline at its end does not count.
func (t Target) file(parameter string) ([]byte, error) {
	path := t.files[parameter]
	if path == "" {
		return nil, nil
	}
	data, err := disk.Read(disk.File{Path: path, Limit: maxFile, Others: disk.MayChange, Links: true})
	if err != nil {
		return nil, &auth.Error{
			Kind: auth.Store, Fact: fmt.Sprintf("%s of the fleet engine %s cannot be read", parameter, t), Err: fmt.Errorf("%s: %w", path, text.WithoutPath(err)),
			Remedy: auth.RemedyLook, Subject: path,
		}
	}
	return []byte(strings.TrimSuffix(strings.TrimSuffix(string(data), "\n"), "\r")), nil
}

// program is the path of an exec URL. On Windows a drive stands before it.
func (t Target) program() string {
	if filepath.VolumeName(filepath.FromSlash(t.Path)) != "" {
		return filepath.FromSlash(t.Path)
	}
	return "/" + t.Path
}

// password is the URL's, or the content of a file, which may change while hauth
// runs.
func (t Target) password(parameter string) (string, error) {
	if !t.Password.IsEmpty() {
		return t.Password.Reveal(), nil
	}
	data, err := t.file(parameter)
	return string(data), err
}

// sealFile is what is mixed into names and keys; empty where the URL names
// none.
func (t Target) sealFile() (auth.Secret, error) {
	data, err := t.file("seal-file")
	if err != nil || t.files["seal-file"] == "" {
		return auth.Secret{}, err
	}
	if len(data) < minSecret {
		return auth.Secret{}, &auth.Error{
			Kind: auth.Usage, Fact: fmt.Sprintf("the seal file has fewer than %d bytes", minSecret),
			Remedy: auth.RemedySealFile, Subject: t.files["seal-file"],
		}
	}
	return auth.NewSecret(string(data)), nil
}
