package hauth

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"
)

const (
	peekBytes = 4 << 10
	peekWait  = 100 * time.Millisecond
)

// refusal says how an API reports a dead token inside a 2xx response: one of
// the keys of a JSON object has one of the codes as its value.
type refusal struct{ keys, codes []string }

// dead reports whether a response says that the token is no longer valid. Of a
// body that may say so, it reads no more than 4 KiB and waits no longer than
// 100 ms; the response's body still returns all of it.
func dead(in opened, resp *http.Response) bool {
	if resp.StatusCode == http.StatusUnauthorized {
		return true
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 || resp.ContentLength == 0 || !isJSON(resp.Header) {
		return false
	}
	r := in.account.refusal()
	return len(r.codes) > 0 && r.in(peek(resp))
}

// isJSON reports whether a body is JSON that can be read without decoding.
func isJSON(h http.Header) bool {
	encoding := h.Get("Content-Encoding")
	mediaType, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	return err == nil && (encoding == "" || encoding == "identity") &&
		(mediaType == "application/json" || mediaType == "text/json" || strings.HasSuffix(mediaType, "+json"))
}

// peek returns the beginning of a body, as far as it is there in time. Of a
// body whose length is not known this is the first piece: more may be long in
// coming.
func peek(resp *http.Response) []byte {
	p := &peeked{body: resp.Body, done: make(chan struct{})}
	known := resp.ContentLength > 0
	resp.Body = p
	go func() {
		defer close(p.done)
		buffer := make([]byte, peekBytes)
		for n := 0; n < len(buffer); {
			var more int
			more, p.err = p.body.Read(buffer[n:])
			n += more
			p.rest = buffer[:n]
			if p.err != nil || !known && n > 0 || known && int64(n) >= resp.ContentLength {
				return
			}
		}
	}()
	timer := time.NewTimer(peekWait)
	defer timer.Stop()
	select {
	case <-p.done:
		return p.rest
	case <-timer.C:
		return nil
	}
}

// peeked is a body whose beginning has been read already.
type peeked struct {
	body io.ReadCloser
	done chan struct{} // closed when rest and err are there
	rest []byte
	err  error // what the read after rest gave
}

func (p *peeked) Read(b []byte) (int, error) {
	<-p.done
	switch {
	case len(p.rest) > 0:
		n := copy(b, p.rest)
		p.rest = p.rest[n:]
		return n, nil
	case p.err != nil:
		return 0, p.err
	}
	return p.body.Read(b)
}

// Close ends a Read that is under way, too.
func (p *peeked) Close() error { return p.body.Close() }

// in reports whether the beginning of a JSON object has one of the codes
// under one of the keys. Other objects inside it do not count.
func (r *refusal) in(text []byte) bool {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return false
	}
	for {
		key, err := d.Token()
		name, ok := key.(string)
		if err != nil || !ok {
			return false
		}
		if !slices.Contains(r.keys, name) {
			var skipped json.RawMessage
			if d.Decode(&skipped) != nil {
				return false
			}
			continue
		}
		value, err := d.Token()
		if err != nil {
			return false
		}
		switch v := value.(type) {
		case string:
			return slices.Contains(r.codes, v)
		case json.Number:
			return slices.Contains(r.codes, v.String())
		}
		return false
	}
}
