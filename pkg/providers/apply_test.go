package providers

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/hauth/hauth/pkg/auth"
)

// TestApply puts the token where use says, and leaves the rest of a request
// as it is.
func TestApply(t *testing.T) {
	token := auth.Token{Value: auth.NewSecret("t+k/n=")}
	with := func(use string) *Provider {
		return plain(t, asForm, "token: token\nexpires: [{after: 1h}]\nuse: "+use)
	}
	request := func(method, url, kind, body string) *http.Request {
		var reader io.Reader
		if body != "" {
			reader = strings.NewReader(body)
		}
		req, err := http.NewRequest(method, url, reader)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Basic eDp5")
		if kind != "" {
			req.Header.Set("Content-Type", kind)
		}
		return req
	}
	req := request("GET", "https://api.example/x", "", "")
	if err := with(`{headers: {authorization: "Bearer {token}", X-A: b}}`).Apply(req, token); err != nil || req.Header.Get("Authorization") != "Bearer t+k/n=" || req.Header.Get("X-A") != "b" || len(req.Header.Values("Authorization")) != 1 {
		t.Error(req.Header, err)
	}
	for before, after := range map[string]string{
		"": "access_token=t%2Bk%2Fn%3D", "b=1&a=%20&c": "b=1&a=%20&c&access_token=t%2Bk%2Fn%3D", "access_token=old&a=1&access%5ftoken=old": "a=1&access_token=t%2Bk%2Fn%3D", "&&a=%zz": "a=%zz&access_token=t%2Bk%2Fn%3D",
	} {
		req := request("GET", "https://api.example/x?"+before, "", "")
		shared := req.URL
		if err := with(`{query: {access_token: "{token}"}}`).Apply(req, token); err != nil || req.URL.RawQuery != after || shared.RawQuery != before {
			t.Errorf("%q becomes %q, %v", before, req.URL.RawQuery, err)
		}
	}
	form := with(`{form: {accessToken: "{token}"}}`)
	for _, test := range []struct{ method, kind, body, want string }{
		{"POST", "", "", "accessToken=t%2Bk%2Fn%3D"}, {"POST", formType, "a=1&b=2", "accessToken=t%2Bk%2Fn%3D&a=1&b=2"}, {"PUT", formType + "; charset=utf-8", "a=1", "accessToken=t%2Bk%2Fn%3D&a=1"},
		{"GET", "", "", ""}, {"POST", "application/json", "{}", ""}, {"POST", "", "x", ""},
	} {
		req := request(test.method, "https://api.example/x", test.kind, test.body)
		err := form.Apply(req, token)
		if test.want == "" {
			if !auth.Is(err, auth.Usage) {
				t.Errorf("%+v: %v", test, err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		again, err := req.GetBody()
		if err != nil {
			t.Fatal(err)
		}
		for _, body := range []io.Reader{req.Body, again} {
			if have, _ := io.ReadAll(body); string(have) != test.want || req.ContentLength != int64(len(test.want)) || !strings.HasPrefix(req.Header.Get("Content-Type"), formType) {
				t.Errorf("%+v: %q, %d bytes, %v", test, have, req.ContentLength, req.Header)
			}
		}
	}
}
