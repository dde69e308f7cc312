package cmd

import (
	"net"
	"path/filepath"
	"strconv"
	"sync/atomic"

	"github.com/rogpeppe/go-internal/testscript"
)

// The session bus of a script:
//
//	mute-bus            one that takes connections and never says a word
//	bus-connections N   so many so far
func addBusVerbs(verbs map[string]func(*testscript.TestScript, bool, []string)) {
	verbs["mute-bus"] = verbMuteBus
	verbs["bus-connections"] = func(ts *testscript.TestScript, _ bool, args []string) {
		n, err := strconv.Atoi(args[0])
		ts.Check(err)
		if have := int(scriptOf(ts).connections.Load()); have != n {
			ts.Fatalf("the bus was connected to %d times, not %d", have, n)
		}
	}
}

func verbMuteBus(ts *testscript.TestScript, _ bool, _ []string) {
	s := scriptOf(ts)
	path := filepath.Join(s.work, "bus")
	listener, err := net.Listen("unix", path)
	ts.Check(err)
	s.closing = append(s.closing, func() { listener.Close() })
	go listen(listener, &s.connections)
	s.environ = setEnv(s.environ, "DBUS_SESSION_BUS_ADDRESS", "unix:path="+path)
}

func listen(l net.Listener, count *atomic.Int64) {
	var open []net.Conn
	for {
		c, err := l.Accept()
		if err != nil {
			break
		}
		count.Add(1)
		open = append(open, c)
	}
	for _, c := range open {
		c.Close()
	}
}
