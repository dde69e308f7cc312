package proxy

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"sync"
	"time"
)

// exchange is the state of one request and its response.
type exchange struct {
	begun    time.Time
	account  string  // empty: no account has the address
	path     string  // what follows the address, without the query
	self     string  // the account's address, as the client wrote its host
	expects  bool    // the client waits for "100 Continue"
	upload   *upload // nil: no body, or the request is refused
	repeated bool
	refused  string // the code in Hauth-Error, if the response is not the API's
	status   int
	bytes    int64 // of the response's body
}

type exchangeKey struct{}

func exchangeOf(ctx context.Context) *exchange {
	x, _ := ctx.Value(exchangeKey{}).(*exchange)
	return x
}

func markRepeated(r *http.Request) {
	if x := exchangeOf(r.Context()); x != nil {
		x.repeated = true
	}
}

// recorder notes the response's status and size, and drops informational
// responses that the client did not ask for.
type recorder struct {
	http.ResponseWriter
	exchange *exchange
}

func (w *recorder) WriteHeader(status int) {
	if status < 200 && status != http.StatusSwitchingProtocols {
		if status == http.StatusContinue && w.exchange.expects {
			clear(w.Header()) // the API's, in which no token is masked
			w.ResponseWriter.WriteHeader(status)
		}
		return
	}
	if w.exchange.status == 0 {
		w.exchange.status = status
	}
	if w.exchange.upload.pending() {
		// Otherwise the server, to use the connection again, discards the
		// rest of the body, which the API may still want.
		w.Header().Set("Connection", "close")
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(p []byte) (int, error) {
	n, err := w.ResponseWriter.Write(p)
	w.exchange.bytes += int64(n)
	return n, err
}

// Hijack is for a connection that switches protocols.
func (w *recorder) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	w.exchange.status = http.StatusSwitchingProtocols
	conn, rw, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err == nil {
		// ReverseProxy ignores what the server has read beyond the request.
		early, _ := rw.Reader.Peek(rw.Reader.Buffered())
		conn = withEarly(conn, early)
	}
	return conn, rw, err
}

// Unwrap is for http.ResponseController.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// bufferPool provides the buffers for copying bodies.
type bufferPool struct{ pool sync.Pool }

func newBufferPool() *bufferPool {
	return &bufferPool{sync.Pool{New: func() any { return new([copyBuffer]byte) }}}
}

const copyBuffer = 32 << 10

func (b *bufferPool) Get() []byte { return b.pool.Get().(*[copyBuffer]byte)[:] }

func (b *bufferPool) Put(p []byte) { b.pool.Put((*[copyBuffer]byte)(p)) }
