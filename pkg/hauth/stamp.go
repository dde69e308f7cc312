package hauth

import (
	"os"

	"github.com/hauth/hauth/pkg/auth"
)

// stamp tells one state of a file from another. Files are replaced
// as a whole, so a change shows in the file's identity, not only in its time.
type stamp struct{ file os.FileInfo }

// stampOf looks at the file of a stored account. Without one the stamp is zero.
func (c *Client) stampOf(account auth.Account) stamp {
	dirs, err := c.Dirs()
	if err != nil {
		return stamp{}
	}
	return stampOfFile(dirs.AccountFile(account))
}

func stampOfFile(path string) stamp {
	info, err := os.Lstat(path)
	if err != nil {
		return stamp{}
	}
	return stamp{info}
}

// stamp looks at the file that changes with the account's token.
func (a *Account) stamp() stamp {
	if a.Source == SourceEnvironment {
		return stampOfFile(a.keep.StateFile(""))
	}
	return a.client.stampOf(a.Name)
}

func (s stamp) equal(t stamp) bool {
	if s.file == nil || t.file == nil {
		return s.file == nil && t.file == nil
	}
	return os.SameFile(s.file, t.file) && s.file.ModTime().Equal(t.file.ModTime()) && s.file.Size() == t.file.Size()
}
