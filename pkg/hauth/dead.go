package hauth

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	peekBytes = 4 << 10
	peekWait  = 100 * time.Millisecond
)

// refusal says how an API tells inside a 2xx answer that the token is dead: one
// of the codes stands at one of the paths of a JSON value.
type refusal struct{ paths, codes []string }

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

// in reports that the beginning of a JSON value has one of the codes at one of
// the paths. The first that is there decides.
func (r refusal) in(text []byte) bool {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	code, _ := r.find(d, "")
	return slices.Contains(r.codes, code)
}

// find reads one value, which stands at path. The code is empty where none of
// the paths leads to a text or a number in it.
func (r refusal) find(d *json.Decoder, path string) (code string, err error) {
	token, err := d.Token()
	if err != nil {
		return "", err
	}
	switch v := token.(type) {
	case json.Delim:
		for n := 0; d.More(); n++ {
			key := strconv.Itoa(n)
			if v == '{' {
				name, err := d.Token()
				if err != nil {
					return "", err
				}
				key = name.(string)
			}
			if code, err := r.find(d, strings.TrimPrefix(path+"."+key, ".")); code != "" || err != nil {
				return code, err
			}
		}
		_, err = d.Token()
		return "", err
	case string:
		code = v
	case json.Number:
		code = v.String()
	}
	if !slices.Contains(r.paths, path) {
		return "", nil
	}
	return code, nil
}
