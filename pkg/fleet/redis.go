package fleet

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gomodule/redigo/redis"
)

// redisEngine keeps a record as a hash of two fields: n, a nonce that names
// the state, and d, the data. A counter would do for n until the server loses
// its data and counts from the start.
type redisEngine struct {
	target Target
	peer   peer

	mu   sync.Mutex
	idle *redisConn // nil: none
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
	fields, err := redis.ByteSlices(reply, nil)
	if err != nil || len(fields) != 4 {
		return Entry{}, e.failure(nil)
	}
	var entry Entry
	if version, data := fields[0], fields[1]; version != nil {
		if data == nil {
			return Entry{}, e.failure(nil)
		}
		entry.Version, entry.Data = string(version), data
	}
	seconds, errSeconds := strconv.ParseInt(string(fields[2]), 10, 64)
	micros, errMicros := strconv.ParseInt(string(fields[3]), 10, 64)
	if errSeconds != nil || errMicros != nil {
		return Entry{}, e.failure(nil)
	}
	entry.Now = time.Unix(seconds, micros*1000)
	return entry, nil
}

func (e *redisEngine) Swap(ctx context.Context, name string, was Entry, data []byte, keep time.Duration) (Entry, error) {
	version := rand.Text()
	reply, err := e.eval(ctx, redisSwap, name, was.Version, version, data, keep.Milliseconds())
	if err != nil {
		return Entry{}, err
	}
	switch reply {
	case int64(0):
		return Entry{}, ErrConflict
	case int64(1):
		return Entry{Data: data, Version: version}, nil
	}
	return Entry{}, e.failure(nil)
}

// eval keeps the connection for the next call, unless the call failed: a server
// that has become a replica answers as well.
func (e *redisEngine) eval(ctx context.Context, script, name string, args ...any) (any, error) {
	ctx, cancel := context.WithTimeout(ctx, callPatience)
	defer cancel()
	conn, err := e.take(ctx, name)
	if err != nil {
		return nil, e.failure(err)
	}
	reply, err := conn.eval(ctx, append([]any{script, 1, redisKey(name)}, args...))
	if err != nil {
		conn.Close()
		return nil, e.failure(err)
	}
	e.peer.accepted()
	e.put(conn)
	return reply, nil
}

// take returns a connection that no other call uses.
func (e *redisEngine) take(ctx context.Context, name string) (*redisConn, error) {
	e.mu.Lock()
	conn := e.idle
	e.idle = nil
	e.mu.Unlock()
	if conn != nil {
		return conn, nil
	}
	return e.connect(ctx, name)
}

// put keeps one connection. Those that calls at the same time have made end.
func (e *redisEngine) put(conn *redisConn) {
	e.mu.Lock()
	conn, e.idle = e.idle, conn
	e.mu.Unlock()
	if conn != nil {
		conn.Close()
	}
}

func (e *redisEngine) Close() { e.put(nil) }

func (e *redisEngine) certificates() (server, client time.Time) { return e.peer.ends() }

// failure gives what the client reports a type. A server that answers in the
// negative has a reason that passes, such as a failover, or one that does not.
func (e *redisEngine) failure(err error) error {
	answer, ok := errors.AsType[redis.Error](err)
	if !ok {
		if err != nil && strings.HasPrefix(err.Error(), "redigo: ") { // it could not parse the answer; this has no type
			err = nil
		}
		return e.target.unreachable(err, &e.peer)
	}
	said := strings.TrimPrefix(answer.Error(), "ERR ")
	begins := func(with ...string) bool {
		return slices.ContainsFunc(with, func(w string) bool { return strings.HasPrefix(said, w) })
	}
	switch {
	case begins("WRONGPASS", "NOAUTH", "AUTH", "invalid password"):
		return e.target.refused(said)
	case begins("NOPERM", "The user executing the script can't"):
		return e.target.lacksRights(said)
	case begins("MOVED", "ASK") && e.variant() != "cluster":
		return e.target.wrong("the server wants another kind of URL (redis, redis+sentinel, redis+cluster)")
	case begins("WRONGTYPE", "unknown command", "DB index", "invalid DB", "No such master"):
		return e.target.wrong(said)
	}
	return e.target.unavailable(said)
}
