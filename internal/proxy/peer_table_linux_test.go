package proxy

import (
	"net"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"
)

func TestFindSocket(t *testing.T) {
	const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 11111 1 0000000000000000 100 0 0 10 0
   1: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 22222 1 0000000000000000 20 4 30 10 -1
   2: 0100007F:C350 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1001        0 33333 1 0000000000000000 20 4 30 10 -1
   3: 0100007F:C351 0100007F:1F90 06 00000000:00000000 03:00001234 00000000     0        0 0 3 0000000000000000
`
	server := netip.MustParseAddrPort("127.0.0.1:8080")
	for _, c := range []struct {
		client string
		uid    int
		ok     bool
	}{{"127.0.0.1:50000", 1001, true}, {"127.0.0.1:50001", 0, false}, {"127.0.0.1:50002", 0, false}, {"127.0.0.1:8080", 0, false}} {
		client := netip.MustParseAddrPort(c.client)
		uid, ok := findSocket(strings.NewReader(table), tableAddress(client, "/proc/net/tcp"), tableAddress(server, "/proc/net/tcp"))
		if ok != c.ok || ok && uid != c.uid {
			t.Errorf("%s: %d, %v", c.client, uid, ok)
		}
	}
	if nativeIsLittle() {
		for address, want := range map[string]string{"[::1]:80": "00000000000000000000000001000000:0050", "127.0.0.1:80": "0000000000000000FFFF00000100007F:0050"} {
			if got := tableAddress(netip.MustParseAddrPort(address), "/proc/net/tcp6"); got != want {
				t.Errorf("%s: %s", address, got)
			}
		}
	}
}

// TestUnreadableTable: a table that is missing says nothing about the client;
// one that cannot be opened for another reason, such as too many open files,
// must not let another user in.
func TestUnreadableTable(t *testing.T) {
	client, server := netip.MustParseAddrPort("127.0.0.1:50000"), netip.MustParseAddrPort("127.0.0.1:8080")
	before := tables
	defer func() { tables = before }()
	for i := range tables {
		tables[i] = filepath.Join(t.TempDir(), "missing")
	}
	if who := foreignTCPPeer(client, server); who != "" {
		t.Errorf("no table: %s", who)
	}
	tables[1] = "/dev/null/not-a-directory"
	if who := foreignTCPPeer(client, server); who != unknownUser {
		t.Errorf("a table that cannot be opened: %q", who)
	}

	// It counts for one request, not for all of the connection.
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	dialed, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer dialed.Close()
	conn, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	ctx := withPeer(t.Context(), conn)
	if who := peerOf(ctx); who != unknownUser {
		t.Errorf("the first request: %q", who)
	}
	tables = before
	if who := peerOf(ctx); who != "" {
		t.Errorf("the second request: %q", who)
	}
}
