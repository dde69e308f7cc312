//go:build !linux && !darwin && !windows

package keyring

import (
	"context"
	"fmt"
	"runtime"

	"github.com/hauth/hauth/pkg/store"
)

const (
	defaultCollection = "none"
	howToUnlock       = ""
)

func newClient(Options) (client, error) {
	return nil, fmt.Errorf("%w: hauth supports no keyring on %s", store.ErrAbsent, runtime.GOOS)
}

func inspect(context.Context, Options, *collectionName, func(Info)) error {
	_, err := newClient(Options{})
	return err
}
