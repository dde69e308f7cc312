//go:build !linux

package proxy

import "net"

// listenOnLoopback listens on any port of 127.0.0.1.
func listenOnLoopback() (net.Listener, error) { return net.Listen("tcp4", DefaultListen) }
