package proxy_test

import (
	"fmt"
	"io"
	"net/http"
	"testing"

	"github.com/hauth/hauth/internal/proxy"
)

// TestAnswerDuringUpload: an API that answers while it reads gets the whole
// body, and the client what has been answered so far.
func TestAnswerDuringUpload(t *testing.T) {
	w := newWorld(t, proxy.Options{})
	w.handle(func(out http.ResponseWriter, r *http.Request) {
		c := http.NewResponseController(out)
		c.EnableFullDuplex()
		begin := make([]byte, 6)
		io.ReadFull(r.Body, begin)
		fmt.Fprintf(out, "%s\n", begin)
		c.Flush()
		rest, err := io.ReadAll(r.Body)
		fmt.Fprintf(out, "%s %v\n", rest, err)
	})
	for name, c := range map[string]struct{ header, begin, rest string }{
		"length":  {"Content-Length: 10\r\n", "begin ", "rest"},
		"chunked": {"Transfer-Encoding: chunked\r\n", "6\r\nbegin \r\n", "4\r\nrest\r\n0\r\n\r\n"},
	} {
		conn, answer := w.dial("POST /" + w.secret() + "/api/v1/extra/x HTTP/1.1\r\nHost: 127.0.0.1\r\n" + c.header + "\r\n" + c.begin)
		resp, err := http.ReadResponse(answer, nil)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		begin := make([]byte, 7)
		if _, err := io.ReadFull(resp.Body, begin); err != nil || string(begin) != "begin \n" {
			t.Fatalf("%s: %q, %v", name, begin, err)
		}
		io.WriteString(conn, c.rest)
		if rest, err := io.ReadAll(resp.Body); err != nil || string(rest) != "rest <nil>\n" {
			t.Errorf("%s: %q, %v", name, rest, err)
		}
	}
}

// TestConnectionAfterUpload: a connection is used again after a body that was
// sent as a whole.
func TestConnectionAfterUpload(t *testing.T) {
	w := newWorld(t, proxy.Options{})
	request := func(header, body string) string {
		return "POST /" + w.secret() + "/api/v1/x HTTP/1.1\r\nHost: 127.0.0.1\r\n" + header + "\r\n" + body
	}
	conn, answer := w.dial(request("Content-Length: 3\r\n", "abc"))
	for _, next := range []string{request("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n0\r\n\r\n"), request("Content-Length: 0\r\n", ""), ""} {
		resp, err := http.ReadResponse(answer, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode != 200 || resp.Close {
			t.Errorf("HTTP %d, %v, %v", resp.StatusCode, resp.Header, err)
		}
		io.WriteString(conn, next)
	}
}
