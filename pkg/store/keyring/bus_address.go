//go:build linux

package keyring

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/store"
)

// busAddress is where the session bus listens.
type busAddress struct {
	text   string // as in DBUS_SESSION_BUS_ADDRESS, one address only
	socket string // for net.Dial("unix", …); "@" stands for the abstract name space
	other  string // where a session bus listens as well, if the address is the environment's; empty: nowhere
}

// findBus finds the session bus without starting one: libraries that do not
// find one run dbus-launch, which leaves a daemon behind each time. An address
// in the environment is used even if nothing listens there, as all D-Bus
// programs do; only "autolaunch:" is not an address.
func findBus(getenv func(string) string) (busAddress, error) {
	path := userBus(getenv)
	if text := getenv(addressVariable); text != "" && !strings.HasPrefix(text, "autolaunch:") {
		bus, ok := parseBusAddress(text)
		if strings.Contains(text, "unix:") { // another value, such as /dev/null, says that no bus is to be used
			bus.other = path
		}
		if !ok {
			return busAddress{}, bus.absent(fmt.Sprintf("no D-Bus session bus at %s", auth.Printable(text)))
		}
		return bus, nil
	}
	if path == "" {
		return busAddress{}, busAddress{}.absent("no D-Bus session bus was found")
	}
	return busAddress{text: "unix:path=" + dbus.EscapeBusAddressValue(path), socket: path}, nil
}

// userBus is the socket on which systemd starts the user's session bus; empty if
// it does not exist.
func userBus(getenv func(string) string) string {
	dirs := []string{getenv("XDG_RUNTIME_DIR"), filepath.Join("/run/user", strconv.Itoa(os.Getuid()))}
	for _, dir := range dirs {
		if path := filepath.Join(dir, "bus"); filepath.IsAbs(dir) && isSocket(path) {
			return path
		}
	}
	return ""
}

// absent is the error for a bus that does not exist. If another one does, as for
// a terminal multiplexer that has survived a session, the keyring is not absent:
// the address is stale.
func (b busAddress) absent(why string) error {
	if b.other != "" && b.other != b.socket {
		if conn, err := net.DialTimeout("unix", b.other, time.Second); err == nil {
			conn.Close()
			return fmt.Errorf("%w: %s; the session bus is at %s", store.ErrUnreachable, why, auth.Printable(b.other))
		}
	}
	return fmt.Errorf("%w: %s", store.ErrAbsent, why)
}

// parseBusAddress returns the first address of the list that names a Unix
// socket.
func parseBusAddress(list string) (bus busAddress, ok bool) {
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
				return busAddress{text: text, socket: value}, true
			case name == "abstract":
				return busAddress{text: text, socket: "@" + value}, true
			}
		}
	}
	return busAddress{}, false
}

func isSocket(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode()&os.ModeSocket != 0
}
