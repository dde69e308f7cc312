//go:build keyring && linux

package budget

import (
	"os"
	"testing"
)

// TestKeyringFaults is TestFaults for a hit in the real keyring of
// test/with-keyring.
func TestKeyringFaults(t *testing.T) {
	if os.Getenv("KEYRING_PID") == "" {
		t.Fatal("this test runs in test/with-keyring: make keyring")
	}
	w := newWorld(t)
	w.env = append(w.env, "DBUS_SESSION_BUS_ADDRESS="+os.Getenv("DBUS_SESSION_BUS_ADDRESS"))
	v := w.mock()["123pan"]
	w.login("123pan", "keyring", v.Endpoint, v.Credentials["client_id"], v.Credentials["client_secret"])
	t.Cleanup(func() { w.run(nil, "", "logout", "123pan") })
	judge(t, w, []call{{name: "keyring", argv: []string{w.hauth, "token", "123pan"}}})
}
