package proxy

import (
	"context"
	"net"
	"sync"
)

type peerKey struct{}

// withPeer lets requests find out who is at the other end of their
// connection. The first request of a connection looks that up.
func withPeer(ctx context.Context, conn net.Conn) context.Context {
	return context.WithValue(ctx, peerKey{}, sync.OnceValue(func() string { return foreignPeer(conn) }))
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
