package hauth

import (
	"os"

	"github.com/hauth/hauth/pkg/auth"
)

// stamp tells one state of an account's file from another. Files are replaced
// as a whole, so a change shows in the file's identity, not only in its time.
type stamp struct{ file os.FileInfo }

// stampOf looks at the file of a stored account. Without one the stamp is zero.
func (c *Client) stampOf(account auth.Account) stamp {
	dirs, err := c.Dirs()
	if err != nil {
		return stamp{}
	}
	info, err := os.Lstat(dirs.AccountFile(account))
	if err != nil {
		return stamp{}
	}
	return stamp{info}
}

func (s stamp) equal(t stamp) bool {
	if s.file == nil || t.file == nil {
		return s.file == nil && t.file == nil
	}
	return os.SameFile(s.file, t.file) && s.file.ModTime().Equal(t.file.ModTime()) && s.file.Size() == t.file.Size()
}
