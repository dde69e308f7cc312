package fleet

import (
	"context"
	"errors"
	"net"
	"strings"

	"github.com/gomodule/redigo/redis"
)

// clusterRedirects is more than a cluster needs: one for a key that another
// node has, and one for a key that is just moving.
const clusterRedirects = 5

// connectNode connects to the node that has the record. A read finds it: a
// host that hangs, or is cut off from the others, must not be the only one that
// is asked, and a read can be repeated.
func (e *redisEngine) connectNode(ctx context.Context, d redisDialer, name string) (*redisConn, error) {
	return firstOf(ctx, e.target.Hosts, func(ctx context.Context, host string) (*redisConn, error) {
		conn, err := d.dial(ctx, host)
		if err != nil {
			return nil, err
		}
		if _, err := conn.eval(ctx, []any{redisRead, 1, redisKey(name)}); err != nil {
			conn.Close()
			return nil, err
		}
		return conn, nil
	})
}

// eval runs a script. In a cluster it goes where the nodes send it, and the
// connection with it, which saves the way when the key is used again.
func (c *redisConn) eval(ctx context.Context, args []any) (any, error) {
	reply, err := c.do(ctx, "EVAL", args...)
	for range c.dialer.redirects {
		address, ask, ok := redirection(err, c.address)
		if !ok {
			break
		}
		next, dialErr := c.dialer.dial(ctx, address)
		if dialErr != nil {
			return nil, dialErr
		}
		c.Close()
		*c = *next
		if ask {
			if _, err := c.do(ctx, "ASKING"); err != nil {
				return nil, err
			}
		}
		reply, err = c.do(ctx, "EVAL", args...)
	}
	return reply, err
}

// redirection reads "MOVED SLOT ADDRESS" and "ASK SLOT ADDRESS". The address
// has no host if it is that of the node that says so, and IPv6 has no brackets.
func redirection(err error, from string) (address string, ask, ok bool) {
	answer, _ := errors.AsType[redis.Error](err)
	words := strings.Fields(string(answer))
	if len(words) != 3 || words[0] != "MOVED" && words[0] != "ASK" {
		return "", false, false
	}
	colon := strings.LastIndex(words[2], ":")
	if colon < 0 {
		return "", false, false
	}
	host, port := strings.Trim(words[2][:colon], "[]"), words[2][colon+1:]
	if host == "" {
		host, _, _ = net.SplitHostPort(from)
	}
	return net.JoinHostPort(host, port), words[0] == "ASK", true
}
