package keyring

import (
	"context"
	"time"
)

// Info is what can be said about the keyring without touching an item.
// What could not be found out is zero.
type Info struct {
	Bus        string        // address of the session bus; empty on platforms without one
	Service    string        // what answers: "org.freedesktop.secrets", "macOS keychain", "Windows Credential Manager"
	Owner      string        // unique bus name of the service's owner; empty: not running
	PID        int           // the owner's process; 0: unknown
	Process    string        // its name, such as gnome-keyring-daemon
	Startable  bool          // not running, but the bus can start it
	Collection string        // object path of the collection that hauth uses
	Label      string        // the collection's name as its owner sees it
	Locked     bool          // the collection is locked
	Took       time.Duration // how long the responses took
}

// Inspect finds out about the keyring for a diagnosis, within the same
// bounds as New's operations. It starts nothing, unlocks nothing and
// reads no item. On an error the info holds what was found until then.
func Inspect(ctx context.Context, o Options) (Info, error) {
	start := time.Now()
	k := &keyring{options: o}
	// Results are reported step by step, since the inspection may not end.
	steps := make(chan Info, 16)
	_, err := bounded(ctx, k, operation{verb: "inspect"}, func(ctx context.Context, target *collectionName) (struct{}, error) {
		return struct{}{}, inspect(ctx, o, target, func(i Info) { steps <- i })
	})
	var info Info
	for {
		select {
		case info = <-steps:
			continue
		default:
		}
		info.Took = time.Since(start)
		return info, err
	}
}
