//go:build darwin || freebsd

package proxy

import (
	"net"
	"os"

	"golang.org/x/sys/unix"
)

// foreignPeer knows the user behind a Unix socket. These systems do not tell
// it of TCP without cgo.
func foreignPeer(conn net.Conn) string {
	c, ok := conn.(*net.UnixConn)
	if !ok {
		return ""
	}
	raw, err := c.SyscallConn()
	if err != nil {
		return unknownUser
	}
	var peer *unix.Xucred
	var failed error
	if err := raw.Control(func(fd uintptr) { peer, failed = unix.GetsockoptXucred(int(fd), unix.SOL_LOCAL, unix.LOCAL_PEERCRED) }); err != nil || failed != nil {
		return unknownUser
	}
	if int(peer.Uid) != os.Geteuid() {
		return otherUser
	}
	return ""
}

// knowsPeers: what this system does not tell is written in the help, not said
// each time.
func knowsPeers(net.Listener) bool { return true }
