package hauth

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/hauth/hauth/internal/text"
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
	mediaType := text.MediaType(h)
	return !text.Compressed(h) && (mediaType == "application/json" || mediaType == "text/json" || strings.HasSuffix(mediaType, "+json"))
}

// peek returns the beginning of a body, as far as it is there in time. Of a
// body whose length is not known this is the first piece: more may be long in
// coming.
func peek(resp *http.Response) []byte {
	p := &peeked{body: resp.Body, changed: sync.NewCond(&sync.Mutex{})}
	resp.Body = p
	done := make(chan struct{})
	go func() {
		defer close(done)
		p.fill(resp.ContentLength)
	}()
	timer := time.NewTimer(peekWait)
	defer timer.Stop()
	select {
	case <-done:
	case <-timer.C:
	}
	p.changed.L.Lock()
	defer p.changed.L.Unlock()
	p.full = true
	return p.begin
}

// peeked is a body whose beginning is read ahead.
type peeked struct {
	body io.ReadCloser

	changed *sync.Cond
	begin   []byte // what was read ahead
	given   int    // how much of it Read has returned
	full    bool   // nothing more is to be read ahead
	filled  bool   // nothing more will be
	err     error  // what the body gave after begin
}

// fill reads ahead.
func (p *peeked) fill(length int64) {
	buffer := make([]byte, peekBytes)
	for n, ended := 0, false; !ended; {
		more, err := p.body.Read(buffer[n:])
		n += more
		p.changed.L.Lock()
		p.begin, p.err = buffer[:n], err
		ended = p.full || err != nil || n == len(buffer) || length <= 0 && n > 0 || length > 0 && int64(n) >= length
		p.filled = ended
		p.changed.L.Unlock()
		p.changed.Broadcast()
	}
}

// Read returns what was read ahead as soon as it is there.
func (p *peeked) Read(b []byte) (int, error) {
	p.changed.L.Lock()
	for p.given == len(p.begin) && !p.filled {
		p.changed.Wait()
	}
	n := copy(b, p.begin[p.given:])
	p.given += n
	err := p.err
	p.changed.L.Unlock()
	switch {
	case n > 0 || len(b) == 0:
		return n, nil
	case err != nil:
		return 0, err
	}
	return p.body.Read(b)
}

// Close ends a Read that is under way, too.
func (p *peeked) Close() error { return p.body.Close() }

// in reports that the beginning of a JSON value has one of the codes at one of
// the paths. The first that is there decides.
func (r refusal) in(begin []byte) bool {
	d := json.NewDecoder(bytes.NewReader(begin))
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
