package hauth_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"

	"github.com/hauth/hauth/pkg/hauth"
)

// keepsAlive is an API that refuses a token at once, reads the body after that,
// and goes on with the same connection. It returns how calls announced their
// bodies.
func keepsAlive(t *testing.T, a *api) (url string, announced func() []string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	var seen []string
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { conn.Close() })
			go func() {
				defer conn.Close()
				for from := bufio.NewReader(conn); ; {
					r, err := http.ReadRequest(from)
					if err != nil {
						return
					}
					status, expects := "200 OK", r.Header.Get("Expect")
					a.set(func() {
						seen = append(seen, expects)
						if a.dead || r.Header.Get("Authorization") != fmt.Sprintf("Bearer token-%03d", a.tokens) {
							status = "401 Unauthorized"
						}
					})
					if status == "200 OK" {
						if expects != "" {
							io.WriteString(conn, "HTTP/1.1 100 Continue\r\n\r\n")
						}
						io.Copy(io.Discard, r.Body)
					}
					fmt.Fprintf(conn, "HTTP/1.1 %s\r\nContent-Length: 0\r\n\r\n", status)
					io.Copy(io.Discard, r.Body)
				}
			}()
		}
	}()
	return "http://" + listener.Addr().String(), func() (all []string) { a.set(func() { all = append(all, seen...) }); return all }
}

// TestAnnouncedAgain: an API that refuses a token before the body, and keeps
// the connection, has not ignored the announcement. The same holds for a
// request that says it is HTTP/1.0, or nothing at all about that.
func TestAnnouncedAgain(t *testing.T) {
	for _, version := range [][2]int{{1, 1}, {1, 0}, {0, 0}} {
		a := newAPI(t)
		url, announced := keepsAlive(t, a)
		c := &hauth.Client{Environ: append(environ(t.TempDir(), a.URL), "HAUTH_123PAN_API="+url)}
		tr := c.TransportWith("123pan", hauth.TransportOptions{})
		for range 3 {
			req, err := http.NewRequestWithContext(t.Context(), "PUT", url+"/x", stream(4<<20))
			if err != nil {
				t.Fatal(err)
			}
			req.ContentLength, req.ProtoMajor, req.ProtoMinor = 4<<20, version[0], version[1]
			resp, err := tr.RoundTrip(req)
			if err != nil || resp.StatusCode != 200 {
				t.Fatalf("%v: %v, %v, announced %q", version, resp, err, announced())
			}
			resp.Body.Close()
			a.kill()
		}
		if got := fmt.Sprintf("%q", announced()); got != `["100-continue" "100-continue" "100-continue" "100-continue" "100-continue"]` {
			t.Errorf("%v: %s", version, got)
		}
	}
}
