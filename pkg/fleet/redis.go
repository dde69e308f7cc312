package fleet

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/redis/rueidis"

	"github.com/hauth/hauth/pkg/auth"
)

// redisEngine keeps a record as a hash of two fields: n, a nonce that names
// the state, and d, the data. A counter would do for n until the server loses
// its data and counts from the start.
type redisEngine struct {
	target Target
	peer   peer

	mu     sync.Mutex
	client rueidis.Client
}

// redisRead and redisSwap run as one step each. HMGET is the only command that
// reads, so that the user's rights are few.
const (
	redisRead = `local v = redis.call('HMGET', KEYS[1], 'n', 'd')
local t = redis.call('TIME')
return {v[1], v[2], t[1], t[2]}`

	redisSwap = `local v = redis.call('HMGET', KEYS[1], 'n')
if (v[1] or '') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'n', ARGV[2], 'd', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1`
)

func redisKey(name string) string { return "hauth:" + name }

func (e *redisEngine) Read(ctx context.Context, name string) (Entry, error) {
	reply, err := e.eval(ctx, redisRead, name)
	if err != nil {
		return Entry{}, err
	}
	fields, err := reply.ToArray()
	if err != nil || len(fields) != 4 {
		return Entry{}, e.failure(err)
	}
	var entry Entry
	if !fields[0].IsNil() {
		version, errVersion := fields[0].ToString()
		data, errData := fields[1].ToString()
		if errVersion != nil || errData != nil {
			return Entry{}, e.failure(nil)
		}
		entry.Version, entry.Data = version, []byte(data)
	}
	seconds, errSeconds := fields[2].AsInt64()
	micros, errMicros := fields[3].AsInt64()
	if errSeconds != nil || errMicros != nil {
		return Entry{}, e.failure(nil)
	}
	entry.Now = time.Unix(seconds, micros*1000)
	return entry, nil
}

func (e *redisEngine) Swap(ctx context.Context, name string, was Entry, data []byte, keep time.Duration) (Entry, error) {
	version := rand.Text()
	reply, err := e.eval(ctx, redisSwap, name, was.Version, version, string(data), strconv.FormatInt(keep.Milliseconds(), 10))
	if err != nil {
		return Entry{}, err
	}
	switch swapped, err := reply.ToInt64(); {
	case err != nil:
		return Entry{}, e.failure(err)
	case swapped == 0:
		return Entry{}, ErrConflict
	}
	return Entry{Data: data, Version: version}, nil
}

func (e *redisEngine) eval(ctx context.Context, script, name string, args ...string) (rueidis.RedisMessage, error) {
	ctx, cancel := context.WithTimeout(ctx, callPatience)
	defer cancel()
	client, err := e.connect(ctx)
	if err != nil {
		return rueidis.RedisMessage{}, e.failure(err)
	}
	command := client.B().Arbitrary("EVAL").Args(script, "1").Keys(redisKey(name)).Args(args...).Build()
	reply, err := client.Do(ctx, command).ToMessage()
	if err != nil {
		return rueidis.RedisMessage{}, e.failure(err)
	}
	e.peer.accepted()
	return reply, nil
}

// connect returns the client, which it makes first if there is none. Making one
// connects and logs in, and knows no context: what is not done in time is
// left behind, to be closed when it is.
func (e *redisEngine) connect(ctx context.Context) (rueidis.Client, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.client != nil {
		return e.client, nil
	}
	option, err := e.option()
	if err != nil {
		return nil, err
	}
	type made struct {
		client rueidis.Client
		err    error
	}
	c := make(chan made, 1)
	go func() {
		client, err := rueidis.NewClient(option)
		c <- made{client, err}
	}()
	select {
	case m := <-c:
		if m.err != nil {
			return nil, m.err
		}
		e.client = m.client
		return m.client, nil
	case <-ctx.Done():
		go func() {
			if m := <-c; m.err == nil {
				m.client.Close()
			}
		}()
		return nil, ctx.Err()
	}
}

// option makes the client as small as it can be: one connection, no cache, no
// commands that the user has no right to.
func (e *redisEngine) option() (rueidis.ClientOption, error) {
	t := e.target
	password, err := t.password("password-file")
	if err != nil {
		return rueidis.ClientOption{}, err
	}
	option := rueidis.ClientOption{
		InitAddress: t.Hosts, Username: t.User, Password: password,
		DisableCache: true, DisableRetry: true, ClientSetInfo: rueidis.DisableClientSetInfo,
		PipelineMultiplex: -1, RingScaleEachConn: 4, ReadBufferEachConn: 4 << 10, WriteBufferEachConn: 4 << 10,
		ConnWriteTimeout: callPatience,
		Dialer:           net.Dialer{Timeout: callPatience, KeepAlive: -1}, // and so no PING in the background
	}
	if strings.HasPrefix(t.Scheme, "rediss") {
		if option.TLSConfig, err = t.tlsConfig(&e.peer); err != nil {
			return rueidis.ClientOption{}, err
		}
		option.DialCtxFn = dialTLS
	}
	_, variant, _ := strings.Cut(t.Scheme, "+")
	database := t.Path
	switch variant {
	case "":
		option.ForceSingleClient = true
	case "sentinel":
		database = t.words["db"]
		sentinelPassword, err := t.file("sentinel-password-file")
		if err != nil {
			return rueidis.ClientOption{}, err
		}
		option.Sentinel = rueidis.SentinelOption{
			MasterSet: t.Path, Username: t.words["sentinel-user"], Password: string(sentinelPassword),
			Dialer: option.Dialer, TLSConfig: option.TLSConfig,
		}
	}
	if variant != "cluster" && database != "" {
		option.SelectDB, err = strconv.Atoi(database)
	}
	return option, err
}

// dialTLS is what the client does by itself, but with a bound on the handshake.
func dialTLS(ctx context.Context, address string, d *net.Dialer, c *tls.Config) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, callPatience)
	defer cancel()
	conn, err := (&tls.Dialer{NetDialer: d, Config: c}).DialContext(ctx, "tcp", address)
	if errors.Is(err, context.DeadlineExceeded) {
		err = errors.New("no TLS handshake in time") // as from a server without TLS
	}
	return conn, err
}

func (e *redisEngine) Close() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.client != nil {
		go e.client.Close() // it says goodbye to a server that may not listen
		e.client = nil
	}
}

func (e *redisEngine) certificates() (server, client time.Time) { return e.peer.ends() }

// failure gives what the client reports a type. The client leaves out the
// prefix "ERR". A server that answers in the
// negative has a reason that passes, such as a failover, or one that does not.
func (e *redisEngine) failure(err error) error {
	answer, ok := rueidis.IsRedisErr(err)
	if !ok {
		return e.target.unreachable(err, &e.peer)
	}
	said := auth.Printable(answer.Error(), e.target.Password)
	begins := func(with ...string) bool {
		return slices.ContainsFunc(with, func(w string) bool { return strings.HasPrefix(said, w) })
	}
	switch {
	case begins("WRONGPASS", "NOAUTH", "AUTH", "invalid password"):
		return e.target.refused(said)
	case begins("NOPERM", "The user executing the script can't"):
		return e.target.lacksRights(said)
	case begins("MOVED", "ASK", "This instance has cluster support disabled"):
		return e.target.wrong("the server wants another kind of URL (redis, redis+sentinel, redis+cluster)")
	case begins("WRONGTYPE", "unknown command", "DB index", "invalid DB", "No such master"):
		return e.target.wrong(said)
	}
	return e.target.unavailable(said)
}
