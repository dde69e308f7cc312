package keyring

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	gokeyring "github.com/zalando/go-keyring"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/store"
)

// testProfile is a profile's name that no account of the user's has.
func testProfile() string { return "test-" + strings.ToLower(rand.Text()[:12]) }

// The real Credential Manager keeps records of every size, each under its own
// name, and deletes them.
func TestCredentialManager(t *testing.T) {
	ctx, profile := context.Background(), testProfile()
	client, err := newClient(Options{})
	noError(t, err)
	b := withBlobs(&keyring{client: client}, filepath.Join(t.TempDir(), "data", "blobs"))
	records := map[store.Key][]byte{}
	for i, name := range []string{profile, profile + "-token", profile + "-default"} {
		for j, item := range []store.Item{store.ItemCredentials, store.ItemToken} {
			records[store.Key{Account: auth.Account{Provider: "123pan", Profile: name}, Item: item}] = make([]byte, 10*i+j+1)
		}
	}
	for key := range records {
		t.Cleanup(func() { b.Delete(ctx, key) })
	}
	for _, size := range []int{1, 100, maxInline - 1, maxInline, maxInline + 1, 2560, 4096, 1 << 16, 2} {
		for key := range records {
			data := make([]byte, size)
			rand.Read(data)
			records[key] = data
			if err := b.Set(ctx, key, data); err != nil {
				t.Fatalf("%d bytes: %v", size, err)
			}
		}
		for key, data := range records {
			if got, err := b.Get(ctx, key); err != nil || !bytes.Equal(got, data) {
				t.Errorf("%d bytes of %s: %d bytes, %v", size, username(key), len(got), err)
			}
		}
	}
	for key := range records {
		noError(t, b.Delete(ctx, key))
		if _, err := b.Get(ctx, key); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s after it was deleted: %v", username(key), err)
		}
	}
}

// A record that does not fit is an error, and is not truncated.
func TestCredentialManagerLimit(t *testing.T) {
	client, err := newClient(Options{})
	noError(t, err)
	name := "123pan/" + testProfile()
	t.Cleanup(func() { gokeyring.Delete(itemService, name) })
	if err := client.write(t.Context(), name, make([]byte, 2561), nil); !errors.Is(err, store.ErrTooBig) {
		t.Errorf("2561 bytes: %v", err)
	}
	if _, err := client.read(t.Context(), name, nil); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("afterwards: %v", err)
	}
}
