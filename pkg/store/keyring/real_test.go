//go:build keyring && linux

package keyring

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	gokeyring "github.com/zalando/go-keyring"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/store"
)

// secretTool runs secret-tool on the token's item.
func secretTool(t *testing.T, stdin string, args ...string) string {
	t.Helper()
	cmd := exec.Command("secret-tool", append(args, "service", "hauth", "username", tokenName)...)
	cmd.Stdin = strings.NewReader(stdin)
	out, err := cmd.Output()
	noError(t, err)
	return string(out)
}

// hauth, go-keyring and secret-tool see, replace and delete the same item.
func TestRealKeyringSharedItems(t *testing.T) {
	b := startKeyring(t).open(Options{BlobDir: t.TempDir()})
	ctx := context.Background()
	reads := func(want string) {
		t.Helper()
		if got, err := b.Get(ctx, tokenKey); err != nil || string(got) != want {
			t.Errorf("hauth reads %q, %v; want %q", got, err, want)
		}
		if got, err := gokeyring.Get(itemService, tokenName); err != nil || got != want {
			t.Errorf("go-keyring reads %q, %v; want %q", got, err, want)
		}
		if got := secretTool(t, "", "lookup"); got != want {
			t.Errorf("secret-tool reads %q; want %q", got, want)
		}
	}
	absent := func() {
		t.Helper()
		if _, err := b.Get(ctx, tokenKey); !auth.Is(err, auth.NotFound) || !errors.Is(err, store.ErrNotFound) {
			t.Errorf("got %v", err)
		}
	}

	absent()
	noError(t, b.Delete(ctx, tokenKey))
	noError(t, b.Set(ctx, tokenKey, []byte(`{"v":1,"token":"ünïcode ✓"}`)))
	reads(`{"v":1,"token":"ünïcode ✓"}`)
	noError(t, b.Set(ctx, tokenKey, []byte("second")))
	reads("second")
	noError(t, b.Set(ctx, credentialsKey, []byte("credentials")))
	reads("second")
	noError(t, gokeyring.Set(itemService, tokenName, "by go-keyring"))
	reads("by go-keyring")
	secretTool(t, "", "clear")
	absent()

	secretTool(t, "by secret-tool", "store", "--label=x")
	reads("by secret-tool")
	noError(t, b.Set(ctx, tokenKey, []byte("over it")))
	reads("over it")
	noError(t, b.Delete(ctx, tokenKey))
	absent()
	if got, err := b.Get(ctx, credentialsKey); err != nil || string(got) != "credentials" {
		t.Errorf("the other record: %q, %v", got, err)
	}
}

func TestRealKeyringSizes(t *testing.T) {
	dir := t.TempDir()
	b := startKeyring(t).open(Options{BlobDir: dir})
	for _, size := range []int{1, maxInline, maxInline + 1, 1 << 16, 5} {
		data := bytes.Repeat([]byte("x"), size)
		rand.Read(data)
		noError(t, b.Set(context.Background(), tokenKey, data))
		if got, err := b.Get(context.Background(), tokenKey); err != nil || !bytes.Equal(got, data) {
			t.Errorf("%d bytes: read %d, %v", size, len(got), err)
		}
	}
	if n := len(blobFiles(t, dir)); n != 0 {
		t.Errorf("%d blobs left", n)
	}
}

// fails checks that every operation fails with want, and none hangs.
func fails(t *testing.T, o Options, want error) {
	t.Helper()
	for _, op := range []string{"get", "set", "delete"} {
		b, err := New(o)
		noError(t, err)
		start := time.Now()
		_, err = do(b, op)
		if took := time.Since(start); !errors.Is(err, want) || took > ample {
			t.Errorf("%s: %v after %v, want %v", op, err, took, want)
			continue
		}
		checkError(t, err)
	}
}

func TestRealKeyringLocked(t *testing.T) {
	k := startKeyring(t)
	noError(t, k.open(Options{}).Set(context.Background(), tokenKey, []byte("kept")))
	k.lock()
	fails(t, Options{}, store.ErrLocked)
	// Attended, but without a display the prompt cannot be shown.
	fails(t, Options{Attended: true}, store.ErrDeclined)

	// The command in the hint unlocks it.
	_, err := do(k.open(Options{}), "get")
	e, _ := auth.AsError(err)
	if e == nil || e.Remedy != auth.RemedyUnlock || !strings.Contains(e.Subject, unlockOverSSH) {
		t.Fatalf("%v, remedy %s", err, e.Remedy)
	}
	unlock := exec.Command("bash", "-c", unlockOverSSH)
	unlock.Stdin = strings.NewReader("pw\n")
	noError(t, unlock.Run())
	k.await(func(i Info) bool { return i.PID != k.daemon.Process.Pid && !i.Locked })
	pid := k.info().PID // it is a daemon now, and nobody's child
	t.Cleanup(func() { syscall.Kill(pid, syscall.SIGKILL) })
	if got, err := do(k.open(Options{}), "get"); err != nil || string(got) != "kept" {
		t.Errorf("unlocked: %q, %v", got, err)
	}
}

func TestRealKeyringDaemonStopped(t *testing.T) {
	k := startKeyring(t)
	noError(t, k.open(Options{}).Set(context.Background(), tokenKey, []byte("kept")))
	noError(t, k.daemon.Process.Signal(syscall.SIGSTOP))
	fails(t, Options{timeout: scant}, store.ErrTimeout)
	start := time.Now()
	if _, err := do(k.open(Options{}), "get"); !errors.Is(err, store.ErrTimeout) || time.Since(start) > 10*time.Second {
		t.Errorf("%v after %v", err, time.Since(start))
	}

	// A call that is still waiting does not keep the process from ending.
	start = time.Now()
	if out := child(t, "set"); !strings.Contains(out, store.ErrTimeout.Error()) || time.Since(start) > 10*time.Second {
		t.Errorf("%q after %v", out, time.Since(start))
	}
	noError(t, k.daemon.Process.Signal(syscall.SIGCONT))
	if got, err := do(k.open(Options{timeout: ample}), "get"); err != nil || string(got) == "" {
		t.Errorf("continued: %q, %v", got, err)
	}
}

func TestRealKeyringDaemonKilled(t *testing.T) {
	k := startKeyring(t)
	b := k.open(Options{timeout: ample})
	noError(t, b.Set(context.Background(), tokenKey, []byte("kept")))
	k.kill()
	fails(t, Options{}, store.ErrAbsent)
	k.start("pw")
	if got, err := b.Get(context.Background(), tokenKey); err != nil || string(got) != "kept" {
		t.Errorf("started again: %q, %v", got, err)
	}
}

func TestRealKeyringBusWithoutService(t *testing.T) {
	startBus(t)
	fails(t, Options{}, store.ErrAbsent)
	fails(t, Options{Attended: true}, store.ErrAbsent)
}

func TestRealKeyringNoBus(t *testing.T) {
	k := startBus(t)
	noError(t, os.Remove(k.dir+"/bus"))
	_, err := New(Options{})
	if !errors.Is(err, store.ErrAbsent) {
		t.Fatal(err)
	}
	checkError(t, err)
}

// 200 readers at once, as goroutines and as processes, are all served, and the
// daemon lives.
func TestRealKeyringConcurrentReaders(t *testing.T) {
	k := startKeyring(t)
	b := k.open(Options{timeout: ample})
	noError(t, b.Set(context.Background(), tokenKey, []byte("kept")))
	together := func(read func() string) {
		var wg sync.WaitGroup
		for range 200 {
			wg.Go(func() {
				if got := read(); got != "kept" {
					t.Errorf("read %q", got)
				}
			})
		}
		wg.Wait()
	}
	together(func() string {
		got, err := do(k.open(Options{timeout: ample}), "get")
		if err != nil {
			return err.Error()
		}
		return string(got)
	})
	together(func() string { return child(t, "get") })
	if info := k.info(); info.PID != k.daemon.Process.Pid {
		t.Errorf("another daemon: %+v", info)
	}
}

// Writers and readers at once never see anything but whole records.
func TestRealKeyringWritersAndReaders(t *testing.T) {
	k := startKeyring(t)
	b := k.open(Options{timeout: ample})
	noError(t, b.Set(context.Background(), tokenKey, []byte("aaaa")))
	var wg sync.WaitGroup
	wg.Go(func() {
		for _, v := range []string{"bbbb", "cccc", "dddd", "eeee", "ffff"} {
			if err := b.Set(context.Background(), tokenKey, []byte(v)); err != nil {
				t.Error(err)
			}
		}
	})
	for range 4 {
		wg.Go(func() {
			for range 20 {
				if got, err := b.Get(context.Background(), tokenKey); err != nil || len(got) != 4 {
					t.Errorf("%q, %v", got, err)
				}
			}
		})
	}
	wg.Wait()
}
