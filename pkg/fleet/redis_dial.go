package fleet

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/gomodule/redigo/redis"

	"github.com/hauth/hauth/pkg/auth"
)

// redisDialer is how the servers of one engine are connected to.
type redisDialer struct {
	tls            *tls.Config // nil: without
	user, password string
	database       int
	redirects      int // how often a command is sent on to another server
}

// redisConn is a connection that is logged in.
type redisConn struct {
	redis.Conn
	dialer  redisDialer
	address string
}

// variant is empty, "sentinel" or "cluster".
func (e *redisEngine) variant() string {
	_, variant, _ := strings.Cut(e.target.Scheme, "+")
	return variant
}

// connect reads the files that the URL names each time, as they may change.
func (e *redisEngine) connect(ctx context.Context, name string) (*redisConn, error) {
	t := e.target
	d := redisDialer{user: t.User}
	var err error
	if d.password, err = t.password("password-file"); err != nil {
		return nil, err
	}
	if strings.HasPrefix(t.Scheme, "rediss") {
		if d.tls, err = t.tlsConfig(&e.peer); err != nil {
			return nil, err
		}
	}
	database := t.Path
	switch e.variant() {
	case "sentinel":
		database = t.words["db"]
	case "cluster":
		d.redirects = clusterRedirects
	}
	if database != "" {
		if d.database, err = strconv.Atoi(database); err != nil {
			return nil, err
		}
	}
	switch e.variant() {
	case "sentinel":
		return e.connectMaster(ctx, d)
	case "cluster":
		return e.connectNode(ctx, d, name)
	}
	return d.dial(ctx, t.Hosts[0])
}

// firstOf tries the hosts in turn. One that does not answer leaves time for
// the others.
func firstOf(ctx context.Context, hosts []string, try func(context.Context, string) (*redisConn, error)) (*redisConn, error) {
	var failed []error
	for i, host := range hosts {
		ctx, cancel := ctx, context.CancelFunc(func() {})
		if deadline, ok := ctx.Deadline(); ok && i < len(hosts)-1 {
			ctx, cancel = context.WithTimeout(ctx, time.Until(deadline)/time.Duration(len(hosts)-i+1))
		}
		conn, err := try(ctx, host)
		cancel()
		if err == nil {
			return conn, nil
		}
		failed = append(failed, err)
	}
	return nil, errors.Join(failed...)
}

// dial connects to one server and logs in there.
func (d redisDialer) dial(ctx context.Context, address string) (*redisConn, error) {
	conn, err := (&net.Dialer{KeepAlive: -1}).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	if d.tls != nil {
		if conn, err = handshake(ctx, conn, d.tls, address); err != nil {
			return nil, err
		}
	}
	c := &redisConn{redis.NewConn(&limitedConn{Conn: conn}, callPatience, callPatience), d, address}
	if err := c.login(ctx); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

func handshake(ctx context.Context, conn net.Conn, config *tls.Config, address string) (net.Conn, error) {
	config = config.Clone()
	config.ServerName, _, _ = net.SplitHostPort(address)
	secure := tls.Client(conn, config)
	err := secure.HandshakeContext(ctx)
	if err == nil {
		return secure, nil
	}
	conn.Close()
	if errors.Is(err, context.DeadlineExceeded) {
		err = errors.New("no TLS handshake in time") // as from a server without TLS
	}
	return nil, err
}

// login sends the user even without a password, so that nobody becomes the
// default user unasked.
func (c *redisConn) login(ctx context.Context) error {
	d := c.dialer
	var err error
	switch {
	case d.user != "":
		_, err = c.do(ctx, "AUTH", d.user, d.password)
	case d.password != "":
		_, err = c.do(ctx, "AUTH", d.password)
	}
	if err == nil && d.database != 0 {
		_, err = c.do(ctx, "SELECT", d.database)
	}
	return err
}

// do sends one command. What a server says is shown, so it is shortened here,
// where the password is known that it may repeat.
func (c *redisConn) do(ctx context.Context, command string, args ...any) (any, error) {
	reply, err := redis.DoContext(c.Conn, ctx, command, args...)
	if said, ok := errors.AsType[redis.Error](err); ok {
		err = redis.Error(auth.Printable(string(said), auth.NewSecret(c.dialer.password)))
	}
	return reply, err
}
