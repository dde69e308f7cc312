//go:build linux

package keyring

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/godbus/dbus/v5"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/store"
)

// busVariable is where every D-Bus library looks first, go-keyring's included.
const busVariable = "DBUS_SESSION_BUS_ADDRESS"

// busAddress is where the session bus listens.
type busAddress struct {
	text   string // as in DBUS_SESSION_BUS_ADDRESS, one address only
	socket string // for net.Dial("unix", …); "@" stands for the abstract name space
}

// findBus finds the session bus without starting one: libraries that do not
// find one run dbus-launch, which leaves a daemon behind each time. An address
// in the environment is used even if nothing listens there, as all D-Bus
// programs do; only "autolaunch:" is not an address.
func findBus(getenv func(string) string) (busAddress, error) {
	if text := getenv(busVariable); text != "" && !strings.HasPrefix(text, "autolaunch:") {
		return parseBusAddress(text)
	}
	var candidates []string
	if dir := getenv("XDG_RUNTIME_DIR"); filepath.IsAbs(dir) {
		candidates = append(candidates, filepath.Join(dir, "bus"))
	}
	candidates = append(candidates, filepath.Join("/run/user", strconv.Itoa(os.Getuid()), "bus"))
	for _, path := range candidates {
		if isSocket(path) {
			return busAddress{"unix:path=" + dbus.EscapeBusAddressValue(path), path}, nil
		}
	}
	return busAddress{}, fmt.Errorf("%w: no D-Bus session bus was found", store.ErrAbsent)
}

// parseBusAddress returns the first address of the list on which a Unix socket
// can be expected.
func parseBusAddress(list string) (busAddress, error) {
	for text := range strings.SplitSeq(list, ";") {
		options, ok := strings.CutPrefix(text, "unix:")
		if !ok {
			continue
		}
		for option := range strings.SplitSeq(options, ",") {
			name, escaped, _ := strings.Cut(option, "=")
			value, err := dbus.UnescapeBusAddressValue(escaped)
			switch {
			case err != nil || value == "":
			case name == "path" && isSocket(value):
				return busAddress{text, value}, nil
			case name == "abstract":
				return busAddress{text, "@" + value}, nil
			}
		}
	}
	return busAddress{}, fmt.Errorf("%w: no D-Bus session bus at %s", store.ErrAbsent, auth.Printable(list))
}

func isSocket(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode()&os.ModeSocket != 0
}
