package fleet

import (
	"context"
	"errors"
	"net"

	"github.com/gomodule/redigo/redis"
)

// connectMaster asks the sentinels in turn where the master is, and connects to
// it with d. A sentinel that was cut off may know an old master, so a server
// that is none, or that does not answer, makes the next sentinel count.
func (e *redisEngine) connectMaster(ctx context.Context, d redisDialer) (*redisConn, error) {
	password, err := e.target.file("sentinel-password-file")
	if err != nil {
		return nil, err
	}
	sentinels := redisDialer{tls: d.tls, user: e.target.words["sentinel-user"], password: string(password)}
	return firstOf(ctx, e.target.Hosts, func(ctx context.Context, host string) (*redisConn, error) {
		sentinel, err := sentinels.dial(ctx, host)
		if err != nil {
			return nil, err
		}
		address, err := sentinel.masterAddress(ctx, e.target.Path)
		sentinel.Close()
		if err != nil {
			return nil, err
		}
		conn, err := d.dial(ctx, address)
		if err != nil {
			return nil, err
		}
		if err := conn.checkMaster(ctx); err != nil {
			conn.Close()
			return nil, err
		}
		return conn, nil
	})
}

func (c *redisConn) masterAddress(ctx context.Context, name string) (string, error) {
	reply, err := c.do(ctx, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", name)
	if err == nil && reply == nil {
		return "", redis.Error("No such master with that name") // as sentinels say it elsewhere
	}
	parts, err := redis.Strings(reply, err)
	if err == nil && len(parts) != 2 {
		err = errors.New("the sentinel does not name the master's address")
	}
	if err != nil {
		return "", err
	}
	return net.JoinHostPort(parts[0], parts[1]), nil
}

func (c *redisConn) checkMaster(ctx context.Context) error {
	role, err := redis.Values(c.do(ctx, "ROLE"))
	if err != nil {
		return err
	}
	if len(role) > 0 {
		if name, err := redis.String(role[0], nil); err == nil && name == "master" {
			return nil
		}
	}
	return errors.New("the server that the sentinel names is not a master")
}
