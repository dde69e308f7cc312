package store

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"strings"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// ProbeTimes is how long each step of a Probe took; zero: not reached.
type ProbeTimes struct{ Write, Read, Delete time.Duration }

const probeProvider = "hauth-probe"

// isProbe recognises the record that an interrupted Probe leaves in the file
// store.
func isProbe(name string) bool {
	rest, ok := strings.CutPrefix(name, probeProvider+"@")
	random, ok2 := strings.CutSuffix(rest, ".token.age")
	raw, err := hex.DecodeString(random)
	return ok && ok2 && err == nil && len(raw) == 8
}

// Probe writes an item of its own to b, reads it back and deletes it. The item
// belongs to no account and its name is random, so that concurrent probes do not
// interfere. Errors are b's, or of kind Store when what was read differs.
func Probe(ctx context.Context, b Backend) (t ProbeTimes, err error) { return probe(ctx, b, 0) }

// probe is Probe with an item of at least size bytes.
func probe(ctx context.Context, b Backend, size int) (t ProbeTimes, err error) {
	var random [16]byte
	rand.Read(random[:])
	text := hex.EncodeToString(random[:])
	key := Key{Account: auth.Account{Provider: probeProvider, Profile: text[:16]}, Item: ItemToken}
	const head, tail = `{"v":1,"probe":"`, `"}`
	text += strings.Repeat("0", max(0, size-len(head)-len(text)-len(tail)))
	data := []byte(head + text + tail)

	defer func() {
		if err != nil {
			err = forAnyAccount(err)
		}
	}()
	start := time.Now()
	if err := b.Set(ctx, key, data); err != nil {
		return t, err
	}
	t.Write = time.Since(start)

	start = time.Now()
	got, err := b.Get(ctx, key)
	t.Read = time.Since(start)
	if auth.Is(err, auth.NotFound) || err == nil && !bytes.Equal(got, data) {
		err = &auth.Error{Kind: auth.Store, Fact: "a test record was written but could not be read back", Err: ErrNotPersisted, Remedy: auth.RemedyDoctor}
	}

	start = time.Now()
	deleteErr := b.Delete(ctx, key)
	t.Delete = time.Since(start)
	if err == nil {
		err = deleteErr
	}
	return t, err
}

// forAnyAccount removes the probe's own account from err.
func forAnyAccount(err error) error {
	e, ok := auth.AsError(err)
	if !ok {
		return err
	}
	c := *e
	c.Account = ""
	return &c
}
