package disk

import (
	"testing"

	"github.com/hauth/hauth/pkg/auth"
)

// Who may change a file or a directory, or read it, by owner and mode.
func TestAccess(t *testing.T) {
	const me, other = 1000, 1001
	for _, c := range []struct {
		name   string
		err    error
		remedy auth.Remedy // empty: not refused
	}{
		{"mine", checkFileMeta("/x", meta{0o600, me}, MayNothing, me), ""},
		{"mine, read-only", checkFileMeta("/x", meta{0o400, me}, MayNothing, me), ""},
		{"root's", checkFileMeta("/x", meta{0o600, 0}, MayNothing, me), ""},
		{"another's", checkFileMeta("/x", meta{0o600, other}, MayNothing, me), auth.RemedyOwner},
		{"another's, as root", checkFileMeta("/x", meta{0o600, other}, MayNothing, 0), auth.RemedySudo},
		{"readable", checkFileMeta("/x", meta{0o604, me}, MayNothing, me), auth.RemedyMode},
		{"readable for the group", checkFileMeta("/x", meta{0o640, me}, MayNothing, me), auth.RemedyMode},
		{"readable is enough", checkFileMeta("/x", meta{0o644, me}, MayRead, me), ""},
		{"writable", checkFileMeta("/x", meta{0o602, me}, MayRead, me), auth.RemedyMode},
		{"writable for the group", checkFileMeta("/x", meta{0o620, me}, MayRead, me), auth.RemedyMode},
		{"a sticky file", checkFileMeta("/x", meta{0o1666, me}, MayRead, me), auth.RemedyMode},
		{"another's, read-only", checkFileMeta("/x", meta{0o444, other}, MayRead, me), auth.RemedyOwner},
		{"my directory", checkDirMeta("/x", meta{0o700, me}, me), ""},
		{"root's directory", checkDirMeta("/x", meta{0o755, 0}, me), ""},
		{"/tmp", checkDirMeta("/tmp", meta{0o1777, 0}, me), ""},
		{"an open directory", checkDirMeta("/x", meta{0o777, me}, me), auth.RemedyDirMode},
		{"a directory open to its group", checkDirMeta("/x", meta{0o770, me}, me), auth.RemedyDirMode},
		{"another's directory", checkDirMeta("/x", meta{0o755, other}, me), auth.RemedyOwner},
		{"another's sticky directory", checkDirMeta("/x", meta{0o1777, other}, me), auth.RemedyOwner},
		{"another's directory, as root", checkDirMeta("/x", meta{0o700, other}, 0), auth.RemedySudo},
	} {
		if c.remedy == "" {
			if c.err != nil {
				t.Errorf("%s: %v", c.name, c.err)
			}
			continue
		}
		if e := wantErr(t, c.err, ErrExposed); e.Remedy != c.remedy {
			t.Errorf("%s: remedy %s, want %s", c.name, e.Remedy, c.remedy)
		}
	}
}
