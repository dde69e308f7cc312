package proxy

import (
	"net"
	"os"
	"sync"

	"golang.org/x/sys/unix"
)

// lateListener listens, but meets the runtime's poller only when connections
// are accepted: a short command has ended before the poller is ready.
type lateListener struct {
	fd      int
	address net.TCPAddr
	adopt   func() (net.Listener, error)
}

// backlog is cut down by the kernel to what the machine allows.
const backlog = 4096

// listenOnLoopback listens on any port of 127.0.0.1.
func listenOnLoopback() (net.Listener, error) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return nil, os.NewSyscallError("socket", err)
	}
	l := &lateListener{fd: fd, address: net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}}
	l.adopt = sync.OnceValues(l.listener)
	if err := l.listen(); err != nil {
		unix.Close(fd)
		return nil, err
	}
	return l, nil
}

func (l *lateListener) listen() error {
	if err := unix.Bind(l.fd, &unix.SockaddrInet4{Addr: [4]byte(l.address.IP.To4())}); err != nil {
		return os.NewSyscallError("bind", err)
	}
	if err := unix.Listen(l.fd, backlog); err != nil {
		return os.NewSyscallError("listen", err)
	}
	name, err := unix.Getsockname(l.fd)
	if err != nil {
		return os.NewSyscallError("getsockname", err)
	}
	l.address.Port = name.(*unix.SockaddrInet4).Port
	return nil
}

// listener gives the socket to package net. If that fails it is closed, so that
// clients are refused.
func (l *lateListener) listener() (net.Listener, error) {
	f := os.NewFile(uintptr(l.fd), "listener")
	defer f.Close() // what package net has is a copy
	return net.FileListener(f)
}

// Accept implements net.Listener.
func (l *lateListener) Accept() (net.Conn, error) {
	adopted, err := l.adopt()
	if err != nil {
		return nil, err
	}
	return adopted.Accept()
}

// Close implements net.Listener.
func (l *lateListener) Close() error {
	adopted, err := l.adopt()
	if err != nil {
		return err
	}
	return adopted.Close()
}

// Addr implements net.Listener.
func (l *lateListener) Addr() net.Addr { return &l.address }
