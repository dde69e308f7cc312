//go:build darwin || freebsd

package proxy

import (
	"net"
	"os"

	"golang.org/x/sys/unix"
)

// foreignPeer finds the user at the other end of a Unix socket. For TCP
// these systems do not tell it without cgo.
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

// knowsPeers is true to avoid a notice at each start: the help says what
// this system cannot tell.
func knowsPeers(net.Listener) bool { return true }
