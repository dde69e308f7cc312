package proxy

import "net"

// foreignPeer cannot tell.
func foreignPeer(net.Conn) string { return "" }

// knowsPeers is true to avoid a notice at each start: the help says what
// this system cannot tell.
func knowsPeers(net.Listener) bool { return true }
