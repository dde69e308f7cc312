package mockvendor

import (
	"fmt"
	"io"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestVendorsDescribeWorkingCredentials(t *testing.T) {
	s, _ := newServer(t)
	list := s.Vendors("http://127.0.0.1:8080/")
	var names []string
	secrets := map[string]bool{}
	for _, v := range list {
		names = append(names, v.Provider)
		if want := "http://127.0.0.1:8080/" + v.Provider; v.Endpoint != want {
			t.Errorf("endpoint %s, want %s", v.Endpoint, want)
		}
		id, secret := "client_id", "client_secret"
		if strings.HasPrefix(v.Provider, "wahool") {
			id, secret = "access_key", "secret_key"
		}
		want := map[string]string{id: v.Credentials[id], secret: v.Credentials[secret]}
		if !reflect.DeepEqual(v.Credentials, want) {
			t.Errorf("%s: credentials %v", v.Provider, v.Credentials)
		}
		want = map[string]string{strings.ToUpper(id): v.Credentials[id], strings.ToUpper(secret): v.Credentials[secret]}
		if !reflect.DeepEqual(v.Env, want) {
			t.Errorf("%s: env %v", v.Provider, v.Env)
		}
		value := v.Credentials[secret]
		if len(value) < 24 || !strings.Contains(value, "mock-only") || secrets[value] || strings.ContainsAny(value, "'\" \t\n$`\\") {
			t.Errorf("%s: secret %q", v.Provider, value)
		}
		secrets[value] = true
		if v.Provider != "hitem3d" {
			body, err := io.ReadAll(tokenRequest(t, v.Provider).Body)
			if err != nil || !strings.Contains(string(body), `"`+value+`"`) || !strings.Contains(string(body), `"`+v.Credentials[id]+`"`) {
				t.Errorf("%s: not the credentials that work", v.Provider)
			}
		} else if tokenRequest(t, v.Provider).Header.Get("Authorization") != basic(v.Credentials[id]+":"+value) {
			t.Errorf("%s: not the credentials that work", v.Provider)
		}
		login(t, s, v.Provider)
	}
	if !reflect.DeepEqual(names, providers()) {
		t.Errorf("%v", names)
	}
	list[0].Credentials["client_secret"] = "changed"
	login(t, s, "123pan")
}

func TestTheLogHoldsNothingSecret(t *testing.T) {
	s, _ := newServer(t)
	canaries := []string{}
	for _, v := range s.Vendors("http://x") {
		token := login(t, s, v.Provider).token()
		do(t, s, callRequest(v.Provider, token))
		r := callRequest(v.Provider, token)
		r.URL.RawQuery = "access_token=" + token
		do(t, s, r)
		canaries = append(canaries, token)
		for _, value := range v.Credentials {
			canaries = append(canaries, value)
		}
	}
	text := fmt.Sprintf("%+v", s.Log())
	for _, c := range canaries {
		if strings.Contains(text, c) {
			t.Errorf("%q is in the log", c)
		}
	}
	if n := len(s.Log()); n != 12 {
		t.Errorf("%d requests in the log", n)
	}
}

func TestTheLogIsBounded(t *testing.T) {
	s, _ := newServer(t)
	for i := range maxLog + 1 {
		s.record(Request{Path: fmt.Sprint(i)})
	}
	log := s.Log()
	if n := len(log); n != maxLog/2+1 || log[n-1].Path != fmt.Sprint(maxLog) || log[0].Path != fmt.Sprint(maxLog/2) {
		t.Errorf("%d requests, from %s to %s", n, log[0].Path, log[n-1].Path)
	}
}

func TestConcurrentUse(t *testing.T) {
	s := New(Options{})
	srv := httptest.NewServer(s)
	defer srv.Close()
	const each = 40
	var wg sync.WaitGroup
	for _, p := range providers() {
		for range each {
			wg.Go(func() {
				resp, err := send(t.Context(), tokenRequest(t, p), srv.URL)
				if err != nil {
					t.Error(err)
					return
				}
				defer resp.Body.Close()
				if _, err := io.ReadAll(resp.Body); err != nil || resp.StatusCode != 200 || resp.Header.Get("Date") == "" {
					t.Errorf("%s: %s, %v", p, resp.Status, err)
				}
			})
		}
	}
	for range each {
		wg.Go(func() {
			s.SetNow(time.Now)
			s.SetSkew(0)
			if s.SetTTL("", time.Hour) != nil || s.SetLatency("123pan", time.Microsecond) != nil || s.SetFail("wahool", "") != nil {
				t.Error("a setter refused")
			}
			s.Log()
			s.Vendors("http://x")
			post(t, s, "provider=hitem3d&variant=text", 200)
		})
	}
	wg.Wait()
	for _, p := range providers() {
		if n := s.Tokens(p); n != each {
			t.Errorf("%s: %d of %d counted", p, n, each)
		}
	}
	if n := len(s.Log()); n != 4*each {
		t.Errorf("%d requests in the log", n)
	}
	live := 0
	for _, g := range s.site("123pan").tokens {
		if !g.loggedOut {
			live++
		}
	}
	if live != 3 {
		t.Errorf("%d tokens alive", live)
	}
}
