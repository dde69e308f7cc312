package providers

import (
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// FuzzSpec: nothing panics, every problem has a line, and what is accepted is
// accepted again and can be shown.
func FuzzSpec(f *testing.F) {
	for _, src := range []string{goodSpec, secondSpec, tenantSpec, keepSpec, rotateSpec, assertionSpec, signSpec, localSpec} {
		f.Add([]byte(strings.ReplaceAll(src, "%s", "")))
	}
	f.Add([]byte("name: c\nvars: [{name: key, secret: true}]\nuse: {headers: {X: \"{token}\"}}\ncommand: [/opt/mint]\n"))
	f.Add([]byte("name: p\nvars: [{name: client_id}, {name: client_secret, secret: true}]\noauth2: client_credentials\nrequest: {path: /t}\n"))
	for _, name := range builtinNames() {
		f.Add(builtinSource(name))
	}
	f.Add([]byte("a: &a [*a]\n"))
	f.Add([]byte("{[a]: b}\n---\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		spec, problems := parse(src)
		for _, p := range problems {
			if p.Line < 1 || p.Reason == "" || strings.Contains(p.Reason, "\n") {
				t.Errorf("%+v", p)
			}
		}
		if len(problems) > 0 {
			return
		}
		again, _ := parse(src)
		if !reflect.DeepEqual(spec, again) {
			t.Error("read twice, it differs")
		}
		if names, _ := templateNames(spec.Endpoint); spec.Endpoint != "" && len(names) == 0 {
			if _, err := CheckEndpoint(spec.Endpoint, false); err != nil {
				t.Error(err)
			}
		}
		if !auth.ValidName(spec.Name) || len(spec.digest()) != 64 {
			t.Error(spec.Name)
		}
		if _, err := (&Engine{Provider: &Provider{Spec: spec}}).DryRun(auth.Credentials{}); err != nil {
			t.Error(err)
		}
		kept := map[string]string{}
		for _, v := range spec.Vars {
			kept[v.Name] = "x"
		}
		for name := range spec.Keep {
			kept[name] = "x"
		}
		carried, err := spec.Carry(auth.Token{Value: auth.NewSecret("TOKEN"), Kept: kept})
		if err != nil {
			t.Fatal(err)
		}
		if len(carried.Headers)+len(carried.Query)+len(carried.Form) == 0 {
			t.Error("the token is carried nowhere")
		}
	})
}

// FuzzAnswer: whatever a vendor sends comes to a sane token or to one kind of
// error, whose text is safe and holds no secret.
func FuzzAnswer(f *testing.F) {
	secret := auth.NewSecret("kL9vQ2xW7rT4")
	var specs []*Provider
	for _, name := range builtinNames() {
		specs = append(specs, &Provider{Spec: builtin(name)})
		files, err := filepath.Glob(filepath.Join("testdata", name, "*.txt"))
		if err != nil || len(files) == 0 && !builtin(name).SignsLocally() {
			f.Fatal(name, err)
		}
		for _, file := range files {
			src, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			_, response, _ := strings.Cut(string(src), "-- response --\n")
			_, body, _ := strings.Cut(response, "\n\n")
			f.Add(200, "Sun, 23 Mar 2025 00:00:00 GMT", "", "application/json", []byte(body))
		}
	}
	f.Add(429, "", "30", "text/html", []byte("<html>kL9vQ2xW7rT4"))
	f.Fuzz(func(t *testing.T, status int, date, retry, contentType string, body []byte) {
		header := http.Header{"Date": {date}, "Retry-After": {retry}, "Content-Type": {contentType}}
		c := newClock(testNow, testNow.Add(time.Second), header)
		for _, s := range specs {
			a := &answer{status: status, header: header}
			a.read(body)
			var err error
			var token auth.Token
			notice := ""
			if failure := s.judge(a, c, []auth.Secret{secret}); failure != nil {
				err = failure
				if failure.RetryAfter < 0 || failure.RetryAfter > auth.MaxWait || failure.Kind == auth.Internal {
					t.Errorf("%+v", failure)
				}
			} else {
				token, notice, err = s.readToken(a, c, []auth.Secret{secret})
			}
			if err != nil {
				text := err.Error()
				if strings.Contains(text, secret.Reveal()) || strings.ContainsAny(text, "\n\r\x1b\x00") {
					t.Errorf("%q", text)
				}
				continue
			}
			value := token.Value.Reveal()
			if status < 200 || status > 299 || value == "" || len(value) > maxToken || strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r > '~' }) {
				t.Errorf("status %d, token %q", status, value)
			}
			if life := token.Life(); life < MinLife-time.Second || life > MaxLife || strings.ContainsAny(notice, "\n\x1b") {
				t.Errorf("life %v, notice %q", life, notice)
			}
		}
	})
}

// FuzzJWT: a life is positive and bounded by what a duration can hold, and is
// read only out of three parts.
func FuzzJWT(f *testing.F) {
	f.Add(jwt(`{"iat":1714991299,"exp":1714998499}`))
	f.Add(jwt(`{"exp":1e11}`))
	f.Add("a.e30.b")
	f.Add(strings.Repeat(".", 100))
	f.Fuzz(func(t *testing.T, token string) {
		c := newClock(testNow, testNow, http.Header{})
		life, ok := jwtLife(token, c)
		if !ok {
			return
		}
		claims, _ := jwtClaims(token)
		if _, hasIat := claim(claims, "iat"); hasIat && life <= 0 || strings.Count(token, ".") != 2 {
			t.Errorf("%v by %q", life, token)
		}
	})
}

// FuzzRetryAfter: between nothing and a day, always.
func FuzzRetryAfter(f *testing.F) {
	for _, seed := range []string{"", "30", "99999999999999999999", "-1", "Sun, 23 Mar 2025 00:02:00 GMT", "Mon, 01 Jan 0001 00:00:00 GMT"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		if have := retryAfter(value, testNow); have < 0 || have > auth.MaxWait {
			t.Errorf("%v", have)
		}
	})
}
