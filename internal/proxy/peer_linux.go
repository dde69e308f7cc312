package proxy

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// foreignPeer asks the kernel whose socket is at the other end.
func foreignPeer(conn net.Conn) string {
	switch c := conn.(type) {
	case *net.UnixConn:
		return foreignUnixPeer(c)
	case *net.TCPConn:
		client, err1 := netip.ParseAddrPort(c.RemoteAddr().String())
		server, err2 := netip.ParseAddrPort(c.LocalAddr().String())
		if err1 != nil || err2 != nil {
			return unknownUser
		}
		return foreignTCPPeer(client, server)
	}
	return ""
}

func foreignUnixPeer(c *net.UnixConn) string {
	raw, err := c.SyscallConn()
	if err != nil {
		return unknownUser
	}
	var peer *unix.Ucred
	var failed error
	if err := raw.Control(func(fd uintptr) { peer, failed = unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED) }); err != nil || failed != nil {
		return unknownUser
	}
	if int(peer.Uid) != os.Geteuid() {
		return otherUser
	}
	return ""
}

// tables are the kernel's tables of this machine's connections.
var tables = [...]string{"/proc/net/tcp", "/proc/net/tcp6"}

// knowsPeers reports whether the kernel tells which user connects.
func knowsPeers(l net.Listener) bool {
	if _, tcp := l.Addr().(*net.TCPAddr); !tcp {
		return true
	}
	f, err := os.Open(tables[0])
	if err != nil {
		return false
	}
	f.Close()
	return true
}

// foreignTCPPeer looks for the client's own line in the kernel's tables. A
// client elsewhere, in a container or on another machine, has none here; it
// comes only where the proxy listens for such clients.
func foreignTCPPeer(client, server netip.AddrPort) string {
	found, read := false, false
	for _, table := range tables {
		f, err := os.Open(table)
		switch {
		case errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrPermission):
			continue // a notice said so when the proxy started
		case err != nil:
			return unknownUser // too many open files, for example
		}
		read = true
		uid, ok := findSocket(f, tableAddress(client, table), tableAddress(server, table))
		f.Close()
		if ok {
			found = true
			if uid != os.Geteuid() {
				return otherUser
			}
		}
	}
	if read && !found && server.Addr().IsLoopback() {
		return unknownUser
	}
	return ""
}

// findSocket returns the owner of the socket with these two addresses. The
// table is read line by line: it has one for each connection of the machine.
func findSocket(table interface{ Read([]byte) (int, error) }, local, remote string) (uid int, ok bool) {
	if local == "" || remote == "" {
		return 0, false
	}
	lines := bufio.NewScanner(table)
	lines.Buffer(make([]byte, 0, 4096), 4096)
	for lines.Scan() {
		// sl local remote st tx:rx tr:when retrnsmt uid timeout inode …
		if !bytes.Contains(lines.Bytes(), []byte(local)) {
			continue
		}
		f := bytes.Fields(lines.Bytes())
		if len(f) < 10 || string(f[1]) != local || string(f[2]) != remote {
			continue
		}
		// Without an inode the process has closed the socket, and the user
		// is unknown.
		n, err := strconv.Atoi(string(f[7]))
		return n, err == nil && string(f[9]) != "0"
	}
	return 0, false
}

// tableAddress writes an address as the kernel's table does: each group of
// four bytes in the machine's own order. The table for IPv6 has IPv4
// addresses too, if an IPv6 socket uses them.
func tableAddress(a netip.AddrPort, table string) string {
	ip := a.Addr().Unmap().AsSlice()
	if table == "/proc/net/tcp6" {
		mapped := a.Addr().As16()
		ip = mapped[:]
	} else if len(ip) != 4 {
		return ""
	}
	for i := 0; i < len(ip); i += 4 {
		putNative(ip[i:])
	}
	return fmt.Sprintf("%s:%04X", bytes.ToUpper([]byte(hex.EncodeToString(ip))), a.Port())
}

// putNative converts four bytes in network order to the order in which %08X
// prints them.
func putNative(b []byte) {
	if nativeIsLittle() {
		b[0], b[1], b[2], b[3] = b[3], b[2], b[1], b[0]
	}
}
