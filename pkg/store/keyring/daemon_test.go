//go:build keyring && linux

package keyring

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/hauth/hauth/pkg/store"
)

const realKeyringTests = true

// bareBus is a session bus that starts nothing.
const bareBus = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><keep_umask/><listen>unix:path=SOCKET</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>`

// realKeyring is a private bus with a gnome-keyring of its own on it. These
// tests fail, and are not skipped, where dbus-daemon or gnome-keyring-daemon is
// missing.
type realKeyring struct {
	t      *testing.T
	dir    string
	daemon *exec.Cmd
}

// startBus starts a bus with nothing on it, and points this process to it.
func startBus(t *testing.T) *realKeyring {
	t.Helper()
	dir, err := os.MkdirTemp("", "kr") // t.TempDir can be too long for a socket
	noError(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	socket, config := filepath.Join(dir, "bus"), filepath.Join(dir, "bus.conf")
	noError(t, os.WriteFile(config, []byte(strings.ReplaceAll(bareBus, "SOCKET", socket)), 0o600))
	for name, sub := range map[string]string{"HOME": "home", "XDG_DATA_HOME": "data", "XDG_RUNTIME_DIR": "run", "XDG_CACHE_HOME": "cache", "XDG_CONFIG_HOME": "config"} {
		path := filepath.Join(dir, sub)
		noError(t, os.Mkdir(path, 0o700))
		t.Setenv(name, path)
	}
	for _, name := range []string{"DISPLAY", "WAYLAND_DISPLAY", "GNOME_KEYRING_CONTROL", "SSH_AUTH_SOCK"} {
		t.Setenv(name, "")
		os.Unsetenv(name)
	}
	t.Setenv(addressVariable, "unix:path="+socket)

	bus := exec.Command("dbus-daemon", "--config-file="+config, "--nofork", "--nopidfile", "--nosyslog", "--print-address=3")
	ready, w, err := os.Pipe()
	noError(t, err)
	bus.ExtraFiles = []*os.File{w}
	bus.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := bus.Start(); err != nil {
		t.Fatalf("these tests need dbus-daemon and gnome-keyring-daemon: %v", err)
	}
	w.Close()
	t.Cleanup(func() {
		forgetSharedConn()
		bus.Process.Kill()
		bus.Wait()
	})
	ready.SetReadDeadline(time.Now().Add(ample))
	_, err = bufio.NewReader(ready).ReadString('\n')
	noError(t, err)
	ready.Close()
	return &realKeyring{t: t, dir: dir}
}

// startKeyring starts a bus and an unlocked gnome-keyring on it.
func startKeyring(t *testing.T) *realKeyring {
	t.Helper()
	k := startBus(t)
	k.start("pw")
	if info := k.info(); info.Locked {
		t.Fatalf("%+v", info)
	}
	return k
}

// start starts the daemon, which makes a login collection with the password or
// unlocks the existing one, if the password is right, and waits until it is
// up.
func (k *realKeyring) start(password string) {
	k.t.Helper()
	k.daemon = exec.Command("gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets")
	k.daemon.Stdin = strings.NewReader(password) // every byte up to the end is part of the password
	k.daemon.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := k.daemon.Start(); err != nil {
		k.t.Fatalf("these tests need gnome-keyring-daemon: %v", err)
	}
	daemon := k.daemon
	k.t.Cleanup(func() { daemon.Process.Kill(); daemon.Wait() })
	k.await(func(i Info) bool {
		return i.PID == daemon.Process.Pid && i.Collection == string(loginCollection)
	})
}

// await waits for a state of the keyring.
func (k *realKeyring) await(until func(Info) bool) {
	k.t.Helper()
	for end := time.Now().Add(ample); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if info, err := Inspect(context.Background(), Options{}); err == nil && until(info) {
			return
		}
	}
	info, err := Inspect(context.Background(), Options{})
	k.t.Fatalf("the keyring did not come up: %+v, %v", info, err)
}

func (k *realKeyring) info() Info {
	k.t.Helper()
	info, err := Inspect(context.Background(), Options{timeout: ample})
	noError(k.t, err)
	return info
}

// kill ends the daemon and waits until its name is free.
func (k *realKeyring) kill() {
	k.t.Helper()
	k.daemon.Process.Kill()
	k.daemon.Wait()
	for end := time.Now().Add(ample); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if _, err := Inspect(context.Background(), Options{}); errors.Is(err, store.ErrAbsent) {
			return
		}
	}
	k.t.Fatal("the daemon's name was not freed")
}

// lock restarts the daemon with another password.
func (k *realKeyring) lock() {
	k.t.Helper()
	k.kill()
	k.start("another")
	if !k.info().Locked {
		k.t.Fatal("not locked")
	}
}

func (k *realKeyring) open(o Options) store.Backend {
	k.t.Helper()
	b, err := New(o)
	noError(k.t, err)
	return b
}
