package proxy

import (
	"errors"
	"fmt"
	"net"
	"os"
	"runtime"
	"sync"
	"syscall"
	"time"

	"github.com/hauth/hauth/internal/text"
	"github.com/hauth/hauth/pkg/auth"
)

// DefaultListen is a port that the system chooses, on loopback.
const DefaultListen = "127.0.0.1:0"

// Listen listens on host:port. An error is an *auth.Error of kind Usage.
func Listen(address string) (l net.Listener, err error) {
	if address == DefaultListen {
		l, err = listenOnLoopback()
	} else {
		l, err = net.Listen("tcp", address)
	}
	if err != nil {
		return nil, cannotListen(address, err)
	}
	return l, nil
}

// ListenSocket makes a Unix socket that only this user can connect to. One
// that a process has left behind is replaced; one that anybody may be
// listening on is not. An error is an *auth.Error of kind Usage.
func ListenSocket(path string) (net.Listener, error) {
	if runtime.GOOS == "windows" {
		return nil, &auth.Error{Kind: auth.Usage, Fact: "Unix sockets are not supported on Windows"}
	}
	info, err := os.Lstat(path)
	switch {
	case err == nil && info.Mode().Type() != os.ModeSocket:
		return nil, cannotListen(path, errors.New("a file of that name exists"))
	case err == nil:
		conn, err := net.DialTimeout("unix", path, time.Second)
		switch {
		case err == nil:
			conn.Close()
			return nil, cannotListen(path, syscall.EADDRINUSE)
		case !errors.Is(err, syscall.ECONNREFUSED):
			return nil, cannotListen(path, err) // busy, of another kind, or not for this user
		}
		if err := os.Remove(path); err != nil {
			return nil, cannotListen(path, text.WithoutPath(err))
		}
	}
	var l *net.UnixListener
	withPrivateFiles(func() { l, err = net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"}) })
	if errors.Is(err, syscall.EINVAL) {
		err = errors.New("the path is too long for a socket")
	}
	if err != nil {
		return nil, cannotListen(path, err)
	}
	l.SetUnlinkOnClose(false)
	made, _ := os.Lstat(path)
	return &socket{l, sync.OnceValue(func() error {
		// While the socket is open no other file is taken for the same one.
		if now, err := os.Lstat(path); err == nil && os.SameFile(now, made) {
			os.Remove(path)
		}
		return l.Close()
	})}, nil
}

// socket removes its file when it is closed, unless another one has taken its
// place.
type socket struct {
	*net.UnixListener
	close func() error
}

// Close implements net.Listener.
func (s *socket) Close() error { return s.close() }

func cannotListen(address string, err error) error {
	var op *net.OpError
	if errors.As(err, &op) {
		err = op.Err
	}
	var call *os.SyscallError
	if errors.As(err, &call) {
		err = call.Err
	}
	return &auth.Error{Kind: auth.Usage, Fact: fmt.Sprintf("cannot listen on %s", auth.Printable(address)), Err: err}
}

// OnLoopback reports whether a listener is reached from this machine only.
func OnLoopback(l net.Listener) bool {
	a, ok := l.Addr().(*net.TCPAddr)
	return !ok || a.IP.IsLoopback()
}
