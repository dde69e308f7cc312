package providers

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

const goodBody = `{"token":"x","ttl":3600}`

// assaulted is an outcome and what it cost.
type assaulted struct {
	outcome
	took     time.Duration // on the bubble's clock
	requests int
	sent     int64 // bytes that the vendor got rid of
}

// assault runs an exchange with a vendor that is a function on a connection,
// called when the request has been read.
func assault(t *testing.T, p *Provider, serve func(conn net.Conn)) assaulted {
	t.Helper()
	var o assaulted
	synctest.Test(t, func(t *testing.T) {
		var vendor sync.WaitGroup
		client, err := NewClient()
		if err != nil {
			t.Fatal(err)
		}
		transport := client.Transport.(*http.Transport)
		transport.Proxy = nil
		transport.DialContext = func(context.Context, string, string) (net.Conn, error) {
			ours, theirs := net.Pipe()
			counted := &countingConn{Conn: theirs, sent: &o.sent}
			vendor.Go(func() {
				defer theirs.Close()
				req, err := http.ReadRequest(bufio.NewReader(theirs))
				if err != nil {
					return
				}
				io.Copy(io.Discard, req.Body)
				o.requests++
				serve(counted)
			})
			return ours, nil
		}
		e := &Engine{Provider: p, Client: client, Now: func() time.Time { return testNow }}
		e.Trace = func(line string) { o.trace = append(o.trace, line) }
		start := time.Now()
		var grant auth.Grant
		grant, o.err = e.Exchange(t.Context(), testCredentials(p))
		o.token = grant.Token
		o.took = time.Since(start)
		vendor.Wait() // whoever is still writing has been cut off by now
	})
	return o
}

type countingConn struct {
	net.Conn
	sent *int64
}

func (c *countingConn) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	*c.sent += int64(n)
	return n, err
}

// say writes a text with bare newlines in its head, and stops.
func say(text string) func(net.Conn) {
	return func(conn net.Conn) { io.WriteString(conn, raw(text)) }
}

// drip writes text a byte a second, for as long as somebody listens.
func drip(before, text string) func(net.Conn) {
	return func(conn net.Conn) {
		io.WriteString(conn, strings.ReplaceAll(before, "\n", "\r\n"))
		for i := 0; ; i = (i + 1) % len(text) {
			if _, err := conn.Write([]byte{text[i]}); err != nil {
				return
			}
			time.Sleep(time.Second)
		}
	}
}

// flood writes piece until nobody listens.
func flood(before, piece string) func(net.Conn) {
	return func(conn net.Conn) {
		if _, err := io.WriteString(conn, strings.ReplaceAll(before, "\n", "\r\n")); err != nil {
			return
		}
		for {
			if _, err := io.WriteString(conn, piece); err != nil {
				return
			}
		}
	}
}

// hang writes a text and then says nothing.
func hang(text string) func(net.Conn) {
	return func(conn net.Conn) {
		io.WriteString(conn, raw(text))
		io.Copy(io.Discard, conn)
	}
}

func gzipped(n int64) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	io.CopyN(w, zeros{}, n)
	w.Close()
	return b.String()
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

// TestHostileHTTP: whatever a vendor does with the protocol comes to one error
// of the right kind, within the deadline, after few bytes, and is not sent the
// secret a second time. The 101 once held hauth for ever: net/http hands over
// the connection, and no deadline with it.
func TestHostileHTTP(t *testing.T) {
	p := plain(t, asForm, "ok: {code: [\"\"]}\nerror: {code: code, message: msg}\n"+secondsUse)
	const chunked = "HTTP/1.1 200 OK\nContent-Type: application/json\nTransfer-Encoding: chunked\n\n"
	chunk := fmt.Sprintf("%x\r\n%s\r\n", 64<<10, strings.Repeat(" ", 64<<10))
	long := strings.Repeat("x", 1<<10)
	for name, test := range map[string]struct {
		serve func(net.Conn)
		kind  auth.Kind
		within,
		sent int // seconds, KiB
	}{
		"silence":                      {hang(""), auth.Network, 10, 1},
		"slow-loris status":            {drip("", "HTTP/1.1 "), auth.Network, 10, 1},
		"slow-loris header":            {drip("HTTP/1.1 200 OK\nX: ", "x"), auth.Network, 10, 1},
		"slow-loris headers":           {drip("HTTP/1.1 200 OK\n", "X: y\r\n"), auth.Network, 10, 1},
		"slow-loris body":              {drip("HTTP/1.1 200 OK\nContent-Length: 9999\n\n", " "), auth.Network, 20, 1},
		"slow-loris chunks":            {drip(chunked, "1\r\n \r\n"), auth.Network, 20, 1},
		"slow-loris chunk extension":   {drip(chunked+"1;", "x"), auth.Network, 20, 1},
		"slow-loris trailer":           {drip(chunked+"0\n", "X: y\r\n"), auth.Network, 20, 1},
		"silence before the body":      {hang("HTTP/1.1 200 OK\nContent-Length: 30\n\n"), auth.Network, 20, 1},
		"silence in an error's body":   {hang("HTTP/1.1 500 X\nContent-Length: 30\n\n{"), auth.Network, 20, 1},
		"endless status line":          {flood("HTTP/1.1 200 ", long), auth.Network, 1, 128},
		"endless header":               {flood("HTTP/1.1 200 OK\nX: ", long), auth.Network, 1, 128},
		"endless header name":          {flood("HTTP/1.1 200 OK\n", long), auth.Network, 1, 128},
		"endless headers":              {flood("HTTP/1.1 200 OK\n", "X: y\r\n"), auth.Network, 1, 128},
		"endless folded header":        {flood("HTTP/1.1 200 OK\nX: y\n", " y\r\n"), auth.Network, 1, 128},
		"70 KB of headers":             {say("HTTP/1.1 200 OK\n" + strings.Repeat("X: "+long+"\n", 70) + "\n" + goodBody), auth.Network, 1, 128},
		"endless body":                 {flood("HTTP/1.1 200 OK\n\n", chunk), auth.Vendor, 1, 2048},
		"10 GB announced":              {flood("HTTP/1.1 200 OK\nContent-Length: 10737418240\n\n", chunk), auth.Vendor, 1, 2048},
		"endless chunks":               {flood(chunked, chunk), auth.Vendor, 1, 2048},
		"endless one-byte chunks":      {flood(chunked, strings.Repeat("1\r\n \r\n", 1024)), auth.Vendor, 1, 8192},
		"endless body of an error":     {flood("HTTP/1.1 503 X\nTransfer-Encoding: chunked\nRetry-After: 9\n\n", chunk), auth.Vendor, 1, 2048},
		"endless body of a redirect":   {flood("HTTP/1.1 302 X\nLocation: /\n\n", chunk), auth.Network, 1, 128},
		"endless trailer":              {flood(chunked+"0\n", "X: "+long+"\r\n"), auth.Network, 1, 8192},
		"chunk too large for 64 bits":  {say(chunked + "fffffffffffffffff\r\n"), auth.Network, 1, 1},
		"negative chunk":               {say(chunked + "-1\r\n"), auth.Network, 1, 1},
		"chunk size is no number":      {say(chunked + "zz\r\n"), auth.Network, 1, 1},
		"chunk longer than said":       {say(chunked + "2\r\n" + goodBody + "\r\n0\r\n\r\n"), auth.Network, 1, 1},
		"gzip that nobody asked for":   {say("HTTP/1.1 200 OK\nContent-Encoding: gzip\n\n" + gzipped(4<<20)), auth.Vendor, 1, 256},
		"gzip, named loudly":           {say("HTTP/1.1 200 OK\nContent-Encoding: GZIP\n\n" + gzipped(10)), auth.Vendor, 1, 1},
		"gzip within gzip":             {say("HTTP/1.1 200 OK\nContent-Encoding: gzip\nContent-Encoding: gzip\n\n" + gzipped(10)), auth.Vendor, 1, 1},
		"br":                           {say("HTTP/1.1 200 OK\nContent-Encoding: br\n\n" + goodBody), auth.Vendor, 1, 1},
		"gzip unnamed":                 {say("HTTP/1.1 200 OK\nContent-Type: application/json\n\n" + gzipped(4<<20)), auth.Vendor, 1, 256},
		"transfer encoding gzip":       {say("HTTP/1.1 200 OK\nTransfer-Encoding: gzip\n\n" + gzipped(10)), auth.Network, 1, 1},
		"transfer encoding gzip twice": {say("HTTP/1.1 200 OK\nTransfer-Encoding: gzip, chunked\n\n" + gzipped(10)), auth.Network, 1, 1},
		"length too long":              {say("HTTP/1.1 200 OK\nContent-Length: 100\n\n" + goodBody), auth.Network, 1, 1},
		"length too short":             {say("HTTP/1.1 200 OK\nContent-Length: 10\n\n" + goodBody), auth.Vendor, 1, 1},
		"length 0":                     {say("HTTP/1.1 200 OK\nContent-Length: 0\n\n" + goodBody), auth.Vendor, 1, 1},
		"length negative":              {say("HTTP/1.1 200 OK\nContent-Length: -1\n\n" + goodBody), auth.Network, 1, 1},
		"length past 64 bits":          {say("HTTP/1.1 200 OK\nContent-Length: 99999999999999999999\n\n" + goodBody), auth.Network, 1, 1},
		"two lengths":                  {say("HTTP/1.1 200 OK\nContent-Length: 24\nContent-Length: 25\n\n" + goodBody), auth.Network, 1, 1},
		"close after the status":       {say("HTTP/1.1 200 OK\nX"), auth.Network, 1, 1},
		"close in a chunk":             {say(chunked + "18\r\n{\"token\""), auth.Network, 1, 1},
		"close before the last chunk":  {say(chunked + "18\r\n" + goodBody + "\r\n"), auth.Network, 1, 1},
		"close in the body":            {say("HTTP/1.1 200 OK\n\n" + goodBody[:12]), auth.Vendor, 1, 1},
		"101":                          {say("HTTP/1.1 101 Switching Protocols\nConnection: Upgrade\nUpgrade: x\n\n" + goodBody), auth.Vendor, 1, 1},
		"101 and silence":              {hang("HTTP/1.1 101 Switching Protocols\nConnection: Upgrade\nUpgrade: x\n\n"), auth.Vendor, 1, 1},
		"101 and a flood":              {flood("HTTP/1.1 101 Switching Protocols\n\n", chunk), auth.Vendor, 1, 128},
		"endless 103":                  {flood("", "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"), auth.Network, 1, 128},
		"a 103 every second":           {drip("", "HTTP/1.1 103 Early Hints\r\n\r\n"), auth.Network, 10, 1},
		"HTTP/2 preface":               {hang("\x00\x00\x12\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x64\x00\x04\x00\x01\x00\x00\n\n"), auth.Network, 10, 1},
		"HTTP/2 status line":           {say("HTTP/2 200 OK\n\n" + goodBody), auth.Network, 1, 1},
		"HTTP/0.9":                     {say(goodBody + "\n\n"), auth.Network, 1, 1},
		"HTTP/9.9":                     {say("HTTP/9.9 200 OK\n\n<"), auth.Vendor, 1, 1},
		"status 000":                   {say("HTTP/1.1 000 X\n\n" + goodBody), auth.Vendor, 1, 1},
		"status 999":                   {say("HTTP/1.1 999 X\n\n" + goodBody), auth.Vendor, 1, 1},
		"status 20":                    {say("HTTP/1.1 20 OK\n\n" + goodBody), auth.Network, 1, 1},
		"status -20":                   {say("HTTP/1.1 -20 OK\n\n" + goodBody), auth.Network, 1, 1},
		"status 2e2":                   {say("HTTP/1.1 2e2 OK\n\n" + goodBody), auth.Network, 1, 1},
		"control in a header's name":   {say("HTTP/1.1 200 OK\nX\x1b[2J: y\n\n" + goodBody), auth.Network, 1, 1},
		"header without a colon":       {say("HTTP/1.1 200 OK\nX\n\n" + goodBody), auth.Network, 1, 1},
		"204 with a body":              {say("HTTP/1.1 204 No Content\n\n" + goodBody), auth.Vendor, 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			o := assault(t, p, test.serve)
			e := wantKind(t, o.outcome, test.kind)
			if !o.token.Value.IsEmpty() || o.requests != 1 {
				t.Errorf("a token of %d bytes, %d requests: %v", len(o.token.Value.Reveal()), o.requests, e)
			}
			if o.took > time.Duration(test.within)*time.Second {
				t.Errorf("after %v: %v", o.took, e)
			}
			if o.sent > int64(test.sent)<<10 {
				t.Errorf("%d bytes were taken: %v", o.sent, e)
			}
			harmless(t, append(o.trace, e.Error(), e.Subject)...)
		})
	}
}

// TestUnusualButGood: what careful servers may send is no reason to refuse.
func TestUnusualButGood(t *testing.T) {
	p := plain(t, asForm, secondsUse)
	chunks := "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\nd;why=not\r\n" + goodBody[:13] + "\r\nb\r\n" + goodBody[13:] + "\r\n0\r\nDate: nonsense\r\n\r\n\n"
	for name, answer := range map[string]string{
		"100 and 103 first": "HTTP/1.1 100 Continue\n\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\n\r\n" + goodBody,
		"nine 103":          "HTTP/1.1 103 Early Hints\n\n" + strings.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 8) + "HTTP/1.1 200 OK\r\n\r\n" + goodBody,
		"HTTP/1.0":          "HTTP/1.0 200 OK\n\n" + goodBody,
		"201":               "HTTP/1.1 201 Created\n\n" + goodBody,
		"chunks":            chunks,
		"identity":          "HTTP/1.1 200 OK\nContent-Encoding: Identity\n\n" + goodBody,
		"text/plain":        "HTTP/1.1 200 OK\nContent-Type: text/plain\n\n" + goodBody,
		"text/html":         "HTTP/1.1 200 OK\nContent-Type: text/html\n\n" + goodBody,
		"image/png":         "HTTP/1.1 200 OK\nContent-Type: image/png\n\n" + goodBody,
		"odd charset":       "HTTP/1.1 200 OK\nContent-Type: application/json; charset=gb2312;;\n\n" + goodBody,
		"no type":           "HTTP/1.1 200 OK\n\n" + goodBody,
		"same length twice": "HTTP/1.1 200 OK\nContent-Length: 24\nContent-Length: 24\n\n" + goodBody,
		"60 KB of headers":  "HTTP/1.1 200 OK\n" + strings.Repeat("X: "+strings.Repeat("x", 1000)+"\n", 60) + "\n" + goodBody,
	} {
		t.Run(name, func(t *testing.T) {
			wantToken(t, assault(t, p, say(answer)).outcome, "x", time.Hour)
		})
	}
}

// TestRightJSONOfTheWrongType: a page is named by its type only where it is no
// JSON.
func TestRightJSONOfTheWrongType(t *testing.T) {
	p := plain(t, asForm, secondsUse)
	o := assault(t, p, say("HTTP/1.1 200 OK\nContent-Type: text/html; charset=utf-8\n\n<html>"))
	if e := wantKind(t, o.outcome, auth.Vendor); e.Fact != "the response is not JSON (text/html)" {
		t.Error(e)
	}
}
