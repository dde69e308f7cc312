package providers

import (
	"testing"

	"github.com/hauth/hauth/pkg/auth"
)

// TestRefusalBesideAnEmptyToken: "token": "" beside an error counted as a
// token: the refusal came out as a bad token, and the vendor's word was lost.
func TestRefusalBesideAnEmptyToken(t *testing.T) {
	p := plain(t, asForm, "error: {code: error, message: msg}\n"+secondsUse)
	for _, token := range []string{`""`, `null`, `7`} {
		o := exchange(t, p, nil, json200(`{"error":"invalid_client","msg":"bad","token":`+token+`}`))
		if e := wantKind(t, o, auth.Denied); e.VendorCode != "invalid_client" || e.VendorMessage != "bad" {
			t.Errorf("%s: %v", token, e)
		}
	}
}

// TestTransientCodeThatOnlyOkLooksAt: a code that ok refuses is the vendor's
// code without error.code as well, but the retry did not know it.
func TestTransientCodeThatOnlyOkLooksAt(t *testing.T) {
	for _, paths := range []string{"", "error: {code: code}\n", "error: {code: elsewhere}\n"} {
		p := plain(t, asForm, "ok: {code: [\"0\"]}\ncodes: {\"1\": transient}\n"+paths+secondsUse)
		o := exchange(t, p, nil, json200(`{"code":1}`), json200(`{"code":0,"token":"x","ttl":3600}`))
		if o.err != nil || len(o.vendor.requests) != 2 || o.token.Value.Reveal() != "x" {
			t.Errorf("%q: %v after %d requests", paths, o.err, len(o.vendor.requests))
		}
		o = exchange(t, p, nil, json200(`{"code":2}`))
		if e := wantKind(t, o, auth.Denied); e.VendorCode != "2" || len(o.vendor.requests) != 1 {
			t.Errorf("%q: %v after %d requests", paths, e, len(o.vendor.requests))
		}
	}
}

// TestTrueInYAMLsOtherSpellings: YAML's True is JSON's true, but ok compared
// the letters. In quotes it is text, and stays as it is.
func TestTrueInYAMLsOtherSpellings(t *testing.T) {
	for spelling, want := range map[string][2]bool{ // true and "True" are good
		"true": {true, false}, "True": {true, false}, "TRUE": {true, false}, "[True]": {true, false}, `"true"`: {true, false}, `"True"`: {false, true},
	} {
		p := plain(t, asForm, "ok: {success: "+spelling+"}\n"+secondsUse)
		for i, value := range []string{`true`, `"True"`} {
			o := exchange(t, p, nil, json200(`{"success":`+value+`,"token":"x","ttl":3600}`))
			if (o.err == nil) != want[i] {
				t.Errorf("ok %s, answer %s: %v", spelling, value, o.err)
			}
		}
	}
}
