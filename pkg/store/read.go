package store

// Sizes are bounded in bytes, so that a file that grew without end costs an
// error, not the memory.
const (
	maxRecord   = 64 << 10
	maxToken    = 32 << 10
	maxAccount  = 8 << 10
	maxAttempt  = 8 << 10
	maxIdentity = 64 << 10
)

// meta is what a file's or directory's owner and mode say about who can get
// at it. On Windows it is empty: access lists are not looked at there.
type meta struct {
	mode uint32 // POSIX permission bits, with the sticky bit
	uid  int
}

const sticky = 0o1000

// othersRead reports whether anyone but me can read or change a file.
func (m meta) othersRead() bool { return m.mode&0o077 != 0 }

// othersWrite reports whether anyone but me can put another file into a
// directory in a file's place. In a sticky one, such as /tmp, nobody can.
func (m meta) othersWrite() bool { return m.mode&0o022 != 0 && m.mode&sticky == 0 }
