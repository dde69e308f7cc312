package hauth

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"
)

func TestRefusal(t *testing.T) {
	r := refusal{paths: []string{"code", "errcode", "errors.0.code"}, codes: []string{"401", "expired"}}
	for text, want := range map[string]bool{
		`{"code":401,"msg":"Unauthorized"}`: true, `{"code":"401"}`: true, ` { "data" : {"x":[1,{}]}, "errcode" : "expired" } `: true,
		`{"code":401`: true, `{"code":0}`: false, `{"data":{"code":401}}`: false, `[{"code":401}]`: false, `{"code":{"code":401}}`: false,
		`{"code":4010}`: false, `{"code":401.0}`: false, `{"code":true}`: false, ``: false, `401`: false, `{"data":"` + strings.Repeat("x", 5000): false,
		`{"code":0,"errcode":"expired"}`: false, `{"success":false,"errors":[{"code":"401"},{"code":"7"}]}`: true, `{"errors":[{"code":"7"},{"code":"401"}]}`: false,
		`{"errors":{"0":{"code":"401`: false, `{"errors":[]}`: false, `{"errors":[{"code":"401"`: true, `{"a":` + strings.Repeat("[", 4000): false,
	} {
		if got := r.in([]byte(text)); got != want {
			t.Errorf("%.40q: %v", text, got)
		}
	}
}

// TestIsJSON: a body is read for a code whatever the parameters of its type.
func TestIsJSON(t *testing.T) {
	for header, want := range map[[2]string]bool{
		{"application/json", ""}: true, {"Application/JSON; charset", ""}: true, {"application/json;charset=utf-8,gbk", ""}: true, {"application/json charset=utf-8", ""}: true,
		{"application/problem+json; a=b; a=c", ""}: true, {"text/json", "Identity"}: true, {"application/json", "utf-8"}: true,
		{"application/json", "gzip"}: false, {"text/html", ""}: false, {"", ""}: false, {"application/jsonl", ""}: false,
	} {
		if got := isJSON(http.Header{"Content-Type": {header[0]}, "Content-Encoding": {header[1]}}); got != want {
			t.Errorf("%q: %v", header, got)
		}
	}
}

// TestPeek: a body is the same after it was looked at, however it comes, and
// is waited for no longer than 100 ms.
func TestPeek(t *testing.T) {
	long := strings.Repeat("0123456789", 3000)
	for _, text := range []string{"", "short", long} {
		for _, length := range []int64{-1, int64(len(text))} {
			for name, reader := range map[string]io.Reader{
				"whole": strings.NewReader(text), "bytes": iotest.OneByteReader(strings.NewReader(text)), "end with data": iotest.DataErrReader(strings.NewReader(text)),
			} {
				resp := &http.Response{ContentLength: length, Body: io.NopCloser(reader)}
				begin := string(peek(resp))
				all, err := io.ReadAll(resp.Body)
				if string(all) != text || err != nil || !strings.HasPrefix(text, begin) || len(begin) > peekBytes {
					t.Errorf("%s of %d (%d): %d after %d, %v", name, len(text), length, len(all), len(begin), err)
				}
			}
		}
	}
	for _, length := range []int64{-1, 10} {
		synctest.Test(t, func(t *testing.T) {
			r, w := io.Pipe()
			resp := &http.Response{ContentLength: length, Body: r}
			begun := time.Now()
			if got := peek(resp); got != nil || time.Since(begun) != peekWait {
				t.Errorf("%q after %s", got, time.Since(begun))
			}
			go func() {
				for _, piece := range []string{"late ", "b", "ytes"} {
					time.Sleep(time.Second)
					fmt.Fprint(w, piece)
				}
				w.Close()
			}()
			for n, piece := range []string{"late ", "b", "ytes"} {
				b := make([]byte, 20)
				got, err := resp.Body.Read(b)
				if string(b[:got]) != piece || err != nil || time.Since(begun) != peekWait+time.Duration(n+1)*time.Second {
					t.Errorf("%q, %v after %s", b[:got], err, time.Since(begun))
				}
			}
			if rest, err := io.ReadAll(resp.Body); len(rest) > 0 || err != nil {
				t.Errorf("%q, %v", rest, err)
			}
		})
	}
	synctest.Test(t, func(t *testing.T) { // what was there in time counts, the rest is not waited for
		r, w := io.Pipe()
		go fmt.Fprint(w, `{"code":401,`)
		resp := &http.Response{ContentLength: 1000, Body: r}
		if got := peek(resp); string(got) != `{"code":401,` {
			t.Errorf("%q", got)
		}
		b := make([]byte, 20)
		if n, err := resp.Body.Read(b); string(b[:n]) != `{"code":401,` || err != nil {
			t.Errorf("%q, %v", b[:n], err)
		}
		r.Close()
	})
}
