package mockvendor

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"
)

func TestBodiesAreRefusedWhenNotAsDocumented(t *testing.T) {
	const id, secret = `"clientID":"mock-only-123pan-id"`, `"clientSecret":"mock-only-123pan-secret-5f1c0a9e7d"`
	for _, tt := range []struct{ name, body, outcome string }{
		{"wrong secret", `{` + id + `,"clientSecret":"mock-only-123pan-secret-5f1c0a9e7e"}`, OutcomeDenied},
		{"wrong id", `{"clientID":"other",` + secret + `}`, OutcomeDenied},
		{"empty body", ``, OutcomeMalformed},
		{"null", `null`, OutcomeMalformed},
		{"array", `[` + `]`, OutcomeMalformed},
		{"text", `"x"`, OutcomeMalformed},
		{"missing secret", `{` + id + `}`, OutcomeMalformed},
		{"empty secret", `{` + id + `,"clientSecret":""}`, OutcomeMalformed},
		{"number", `{"clientID":1,` + secret + `}`, OutcomeMalformed},
		{"null value", `{"clientID":null,` + secret + `}`, OutcomeMalformed},
		{"object value", `{"clientID":{},` + secret + `}`, OutcomeMalformed},
		{"nested duplicate", `{"clientID":["a"],` + secret + `}`, OutcomeMalformed},
		{"unknown field", `{` + id + `,` + secret + `,"grant_type":"x"}`, OutcomeMalformed},
		{"other case", `{"clientId":"mock-only-123pan-id",` + secret + `}`, OutcomeMalformed},
		{"snake case", `{"client_id":"mock-only-123pan-id",` + secret + `}`, OutcomeMalformed},
		{"duplicate", `{` + id + `,` + id + `,` + secret + `}`, OutcomeMalformed},
		{"escaped duplicate", `{` + id + `,"client\u0049D":"mock-only-123pan-id",` + secret + `}`, OutcomeMalformed},
		{"trailing data", `{` + id + `,` + secret + `}{}`, OutcomeMalformed},
		{"trailing comma", `{` + id + `,` + secret + `,}`, OutcomeMalformed},
		{"truncated", `{` + id + `,` + secret, OutcomeMalformed},
		{"form", `clientID=a&clientSecret=b`, OutcomeMalformed},
		{"not UTF-8", "{" + id + ",\"clientSecret\":\"\xff\"}", OutcomeMalformed},
		{"one byte too big", `{` + id + `,` + secret + strings.Repeat(" ", 64<<10-len(id+secret)-2) + `}`, OutcomeMalformed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, _ := newServer(t)
			r := tokenRequest(t, "123pan")
			setBody(r, tt.body)
			assertRefused(t, s, "123pan", tt.outcome, do(t, s, r))
		})
	}
	t.Run("as big as it may be", func(t *testing.T) {
		s, _ := newServer(t)
		r := tokenRequest(t, "123pan")
		setBody(r, `{`+secret+`, `+id+strings.Repeat(" ", 64<<10-len(id+secret)-4)+`}`)
		if got := do(t, s, r); got.token() == "" {
			t.Errorf("refused: %s", got.text)
		}
	})
}

func TestOtherVendorsBodies(t *testing.T) {
	for _, tt := range []struct{ provider, body, outcome string }{
		{"hitem3d", `{}`, OutcomeMalformed},
		{"hitem3d", ` `, OutcomeMalformed},
		{"wahool", `{"accessKey":"mock-only-wahool-key","secretKey":"wrong"}`, OutcomeDenied},
		{"wahool", `{"accesskey":"mock-only-wahool-key","secretKey":"mock-only-wahool-secret-b84e61d3f2"}`, OutcomeMalformed},
		{"wahool", `{"accessKey":"mock-only-wahool-key"}`, OutcomeMalformed},
		{"wahool-authorization", `{"accessKey":"mock-only-wahool-key","secretKey":"mock-only-wahool-secret-b84e61d3f2"}`, OutcomeDenied},
	} {
		s, _ := newServer(t)
		r := tokenRequest(t, tt.provider)
		setBody(r, tt.body)
		assertRefused(t, s, tt.provider, tt.outcome, do(t, s, r))
	}
}

func TestTooBigABodyIsRefusedByEveryVendor(t *testing.T) {
	for _, p := range providers() {
		s, _ := newServer(t)
		// This holds even if the answer would hang, since it could not be
		// noticed that such a client leaves.
		if err := s.SetFail(p, "hang"); err != nil {
			t.Fatal(err)
		}
		r := tokenRequest(t, p)
		setBody(r, strings.Repeat(" ", 64<<10+1))
		assertRefused(t, s, p, OutcomeMalformed, do(t, s, r))
	}
}

func FuzzReadFields(f *testing.F) {
	f.Add([]byte(`{"a":"1","b":"2"}`))
	f.Add([]byte(`{"a":"1","a":"1","b":"2"}`))
	f.Add([]byte(`{"a":"1","b":"2"} x`))
	f.Add([]byte(`{"\u0061":"1","b":"\ud800"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		fields, err := readFields(body, "a", "b")
		if err != nil {
			return
		}
		// A body that is accepted means the same to a less strict parser.
		var loose map[string]string
		if err := json.Unmarshal(body, &loose); err != nil || !maps.Equal(loose, fields) {
			t.Fatalf("%q gives %q, and loosely %q, %v", body, fields, loose, err)
		}
		if len(fields) != 2 || fields["a"] == "" || fields["b"] == "" {
			t.Fatalf("%q gives %q", body, fields)
		}
	})
}
