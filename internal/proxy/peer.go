package proxy

import (
	"context"
	"net"
)

type peerKey struct{}

// withPeer lets requests find out who is at the other end of their
// connection. The first request of a connection looks that up, and the next
// one again if it could not be told: too many files may have been open. The
// requests of a connection come one after the other.
func withPeer(ctx context.Context, conn net.Conn) context.Context {
	who := unknownUser
	return context.WithValue(ctx, peerKey{}, func() string {
		if who == unknownUser {
			who = foreignPeer(conn)
		}
		return who
	})
}

// peerOf says why the client is not this user; empty: it is, or that cannot be
// told.
func peerOf(ctx context.Context) string {
	if who, ok := ctx.Value(peerKey{}).(func() string); ok {
		return who()
	}
	return ""
}

const (
	otherUser   = "the client belongs to another user of this machine"
	unknownUser = "it cannot be told which user the client belongs to"
)
