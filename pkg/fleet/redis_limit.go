package fleet

import (
	"errors"
	"net"
)

// limitedConn reads what a Redis server answers before the client does. The
// client makes room for whatever length a server announces, and goes as deep as
// its arrays do: a server could end the process with a few bytes.
type limitedConn struct {
	net.Conn
	left    int  // what the answer may still cost, in bytes
	due     int  // replies to come: the answer's own, and the elements of its arrays
	skip    int  // bytes of a string that are still to come, with the end of its line
	kind    byte // of the line that is being read; 0: it begins
	length  int  // that the line has announced so far
	refused bool
}

// elementSize is what each element of an array costs, in bytes, before it is
// there.
const elementSize = 16

var errAnswerTooBig = errors.New("the response is too large, or not the only one")

// Write is the beginning of a request, which has one answer.
func (c *limitedConn) Write(p []byte) (int, error) {
	c.left, c.due = maxAnswer, 1
	return c.Conn.Write(p)
}

// Read gives nothing of an answer to the client once it announces too much.
func (c *limitedConn) Read(p []byte) (int, error) {
	if c.refused {
		return 0, errAnswerTooBig
	}
	n, err := c.Conn.Read(p)
	if !c.follow(p[:n]) {
		c.refused = true
		return 0, errAnswerTooBig
	}
	return n, err
}

// follow reports that the answer is still within its limits.
func (c *limitedConn) follow(p []byte) bool {
	for len(p) > 0 {
		if c.skip > 0 {
			n := min(c.skip, len(p))
			c.skip, p = c.skip-n, p[n:]
			continue
		}
		if c.due == 0 || c.left == 0 {
			return false
		}
		b := p[0]
		p = p[1:]
		c.left--
		switch sized := c.kind == '$' || c.kind == '*'; {
		case c.kind == 0:
			c.kind, c.length = b, 0
		case b == '\n':
			c.endLine()
			if c.left < 0 {
				return false
			}
		case sized && '0' <= b && b <= '9':
			if c.length = c.length*10 + int(b-'0'); c.length > c.left {
				return false
			}
		case sized && b != '\r':
			c.kind = '-' // of nothing, or not what the client understands
		}
	}
	return true
}

func (c *limitedConn) endLine() {
	c.due--
	switch c.kind {
	case '$':
		c.skip, c.left = c.length+len("\r\n"), c.left-c.length
	case '*':
		c.due, c.left = c.due+c.length, c.left-elementSize*c.length
	}
	c.kind = 0
}
