package proxy

import "net"

// foreignPeer cannot tell.
func foreignPeer(net.Conn) string { return "" }
