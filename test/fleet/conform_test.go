//go:build fleet

package fleet

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/fleet"
)

// conform is what every engine must do. forget removes a record as losing the
// data would; nil where the engine cannot tell that from a deletion.
func conform(t *testing.T, url string, forget func(name string)) {
	t.Helper()
	ctx := t.Context()
	e := open(t, url)
	a, b := rand.Text(), rand.Text()
	read := func(name string) fleet.Entry {
		t.Helper()
		entry, err := e.Read(ctx, name)
		if err != nil {
			t.Fatal(err)
		}
		return entry
	}
	swap := func(name string, was fleet.Entry, data string) fleet.Entry {
		t.Helper()
		entry, err := e.Swap(ctx, name, was, []byte(data), time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		return entry
	}
	conflict := func(name string, was fleet.Entry, why string) {
		t.Helper()
		if _, err := e.Swap(ctx, name, was, []byte("x"), time.Hour); !errors.Is(err, fleet.ErrConflict) {
			t.Errorf("%s: %v", why, err)
		}
	}

	nothing := read(a)
	if nothing.Data != nil {
		t.Errorf("nothing is %q", nothing.Data)
	}
	if d := time.Since(nothing.Now); d < -2*time.Second || d > 2*time.Second {
		t.Errorf("the clock is off by %s", d)
	}
	one := swap(a, nothing, "one")
	if got := read(a); string(got.Data) != "one" {
		t.Errorf("read %q", got.Data)
	}
	conflict(a, nothing, "made a second time")
	two := swap(a, one, "two")
	conflict(a, one, "replaced a second time")
	three := swap(a, two, "three")
	same := swap(a, three, "three")
	swap(a, same, "four")
	if got := read(b); got.Data != nil {
		t.Errorf("another name has %d bytes", len(got.Data))
	}

	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	big := bytes.Repeat(all, 256)
	swap(b, read(b), string(big))
	if got := read(b); !bytes.Equal(got.Data, big) {
		t.Errorf("%d bytes come back as %d", len(big), len(got.Data))
	}

	e.Close()
	if got := read(a); string(got.Data) != "four" {
		t.Errorf("after Close: %q", got.Data)
	}

	if forget != nil {
		before := read(a)
		forget(a)
		if got := read(a); got.Data != nil {
			t.Fatalf("forgotten, and still %q", got.Data)
		}
		conflict(a, before, "written over lost data")
		again := swap(a, read(a), "one")
		for range 5 {
			again = swap(a, again, "again")
			conflict(a, before, "the same version after lost data")
		}
	}
	count(t, url)

	if r, err := fleet.Probe(ctx, e, parse(t, url), fleet.Seal{}, time.Now); err != nil {
		t.Errorf("probe: %+v, %v", r, err)
	}
}

// count lets many processes add to one number: no addition may be lost.
func count(t *testing.T, url string) {
	t.Helper()
	workers, rounds := 20, 10
	if strings.HasPrefix(url, "exec:") {
		workers, rounds = 5, 4 // each call starts a program
	}
	name := rand.Text()
	var group sync.WaitGroup
	for range workers {
		e := open(t, url)
		group.Go(func() {
			for added := 0; added < rounds; {
				ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
				was, err := e.Read(ctx, name)
				if err == nil {
					n := uint64(0)
					if was.Data != nil {
						n = binary.BigEndian.Uint64(was.Data)
					}
					_, err = e.Swap(ctx, name, was, binary.BigEndian.AppendUint64(nil, n+1), time.Hour)
					if err == nil {
						added++
					}
				}
				cancel()
				if err != nil && !errors.Is(err, fleet.ErrConflict) {
					t.Error(err)
					return
				}
			}
		})
	}
	group.Wait()
	got, err := open(t, url).Read(t.Context(), name)
	if err != nil || got.Data == nil || binary.BigEndian.Uint64(got.Data) != uint64(workers*rounds) {
		t.Errorf("counted %v, want %d: %v", got.Data, workers*rounds, err)
	}
}

// fails wants a mistake, or an outage, that names the engine and tells nothing
// else.
func fails(t *testing.T, url string, retryable bool, remedy auth.Remedy) {
	t.Helper()
	e := open(t, url)
	begun := time.Now()
	_, err := e.Read(t.Context(), "a")
	failure, ok := auth.AsError(err)
	switch shown := parse(t, url).String(); {
	case !ok:
		t.Errorf("%s: %v", shown, err)
	case failure.Kind != auth.Store || failure.Retryable != retryable || failure.Remedy != remedy:
		t.Errorf("%s: retryable %v, remedy %s: %v", shown, failure.Retryable, failure.Remedy, err)
	case !bytes.Contains([]byte(failure.Error()), []byte(shown)):
		t.Errorf("the error does not name %s: %v", shown, err)
	case bytes.Contains(fmt.Appendf(nil, "%+v", failure), []byte("canary")):
		t.Errorf("the error tells a password: %v", err)
	}
	if took := time.Since(begun); took > 7*time.Second {
		t.Errorf("it took %s", took)
	}
}

// bounded wants a call to an engine that does not answer to end with its
// context.
func bounded(t *testing.T, url string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	begun := time.Now()
	_, err := open(t, url).Read(ctx, "a")
	if took := time.Since(begun); err == nil || took > 5*time.Second {
		t.Errorf("after %s: %v", took, err)
	}
}
