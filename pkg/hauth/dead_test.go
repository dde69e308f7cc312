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
	synctest.Test(t, func(t *testing.T) {
		r, w := io.Pipe()
		resp := &http.Response{ContentLength: 10, Body: r}
		begun := time.Now()
		if got := peek(resp); got != nil || time.Since(begun) != peekWait {
			t.Errorf("%q after %s", got, time.Since(begun))
		}
		go func() {
			time.Sleep(time.Second)
			fmt.Fprint(w, "late ")
			time.Sleep(time.Second)
			fmt.Fprint(w, "bytes")
			w.Close()
		}()
		if all, err := io.ReadAll(resp.Body); string(all) != "late bytes" || err != nil {
			t.Errorf("%q, %v", all, err)
		}
	})
}
