package proxy

import "net"

// foreignPeer cannot tell.
func foreignPeer(net.Conn) string { return "" }

// knowsPeers: what this system does not tell is written in the help, not said
// each time.
func knowsPeers(net.Listener) bool { return true }
