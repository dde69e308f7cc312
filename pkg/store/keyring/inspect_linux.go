package keyring

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/store"
)

// inspect asks the bus about the service before it calls the service, which
// would start it.
func inspect(ctx context.Context, o Options, target *collectionName, report func(Info)) error {
	var info Info
	bus, err := findBus(o.getenv)
	if err != nil {
		return err
	}
	info.Bus, info.Service = bus.text, secretName
	report(info)

	s, err := openSecrets(ctx, bus, false, target)
	if err != nil {
		return err
	}
	defer s.bus.close()
	ask := func(method string, result any, args ...any) error {
		return secretError(s.bus.call(busName, busPath, busName+"."+method, args, result))
	}
	if err := ask("GetNameOwner", &info.Owner, secretName); err != nil {
		var names []string
		if ask("ListActivatableNames", &names) == nil {
			info.Startable = slices.Contains(names, secretName)
		}
		report(info)
		if info.Startable {
			return fmt.Errorf("%w: the keyring service is not running; the bus starts it when needed", store.ErrAbsent)
		}
		return err
	}
	info.Owner = auth.Printable(info.Owner)
	report(info)
	var pid uint32
	if ask("GetConnectionUnixProcessID", &pid, secretName) == nil {
		info.PID, info.Process = int(pid), processName(pid)
		report(info)
	}

	// A new client's first call must be SearchItems; the comment on find
	// says why.
	if _, _, err := s.search("doctor"); err != nil {
		return err
	}
	collection, err := s.collection()
	if err != nil {
		return err
	}
	info.Collection = string(collection)
	report(info)
	if err := s.property(collection, secretCollection, "Label", &info.Label); err == nil {
		info.Label = auth.Printable(info.Label)
	}
	err = s.property(collection, secretCollection, "Locked", &info.Locked)
	report(info)
	return err
}

// processName is the name of the process's program, or else the kernel's name
// for the process, which is at most 15 bytes long.
func processName(pid uint32) string {
	dir := "/proc/" + strconv.FormatUint(uint64(pid), 10)
	if exe, err := os.Readlink(dir + "/exe"); err == nil {
		return auth.Printable(filepath.Base(exe))
	}
	comm, err := os.ReadFile(dir + "/comm")
	if err != nil {
		return ""
	}
	return auth.Printable(strings.TrimSpace(string(comm)))
}
