package proxy_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/hauth/hauth/internal/proxy"
)

// TestMediaTypes: text is searched for the token however its type is written,
// and whatever a server believes to be an encoding.
func TestMediaTypes(t *testing.T) {
	w := newWorld(t, proxy.Options{})
	for _, c := range []struct {
		media, encoding string
		text            bool
	}{
		{"application/json; charset", "", true}, {"application/json;charset=utf-8,gbk", "", true}, {`text/html; charset="utf-8`, "", true},
		{"text/plain; a=b; a=c", "", true}, {"application/json, text/html", "", true}, {"application/json charset=utf-8", "", true},
		{"json", "", true}, {"utf-8", "", true}, {"*/*", "", true}, {"application/x-javascript", "", true}, {"application/json5", "", true},
		{"application/json-seq", "", true}, {"application/toml", "", true}, {"message/http", "", true}, {"multipart/mixed; boundary=x", "", true},
		{"application/atom+xml", "", true}, {"application/vnd.x.v1+json; q", "", true}, {"application/x-json", "", true}, {"Text/CSV", "", true},
		{"text/plain", "Identity", true}, {"text/plain", "utf-8", true}, {"text/plain", "none", true}, {"text/plain", "identity, identity", true},
		{"text/plain", "x-gzip", false}, {"text/plain", "identity, BR", false}, {"image/png", "", false}, {"application/zip", "", false},
		{"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "", false}, {"application/octet-stream", "", false},
	} {
		w.handle(func(out http.ResponseWriter, r *http.Request) {
			out.Header().Set("Content-Type", c.media)
			if c.encoding != "" {
				out.Header().Set("Content-Encoding", c.encoding)
			}
			if c.text {
				fmt.Fprint(out, r.Header.Get("Authorization"))
			} else {
				fmt.Fprint(out, "binary")
			}
		})
		want := "Bearer [hauth:masked]"
		if !c.text {
			want = "binary"
		}
		if a := w.get("/api/v1/extra/x"); a.body != want || a.header.Get("Content-Type") != c.media {
			t.Errorf("%s, %s: %d bytes, %s", c.media, c.encoding, len(a.body), a.header.Get("Content-Type"))
		}
	}
}
