package providers

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// TestExpiry reads every kind of value.
func TestExpiry(t *testing.T) {
	const hour = time.Hour
	epoch := testNow.Add(hour).Unix()
	fresh := jwt(fmt.Sprintf(`{"iat":%d,"exp":%d}`, testNow.Unix(), epoch))
	for _, test := range []struct {
		as, value string
		want      time.Duration // zero: unreadable
	}{
		{AsSeconds, `3600`, hour}, {AsSeconds, `"3600"`, hour}, {AsSeconds, `3600.0`, hour}, {AsSeconds, `3.6e3`, hour}, {AsSeconds, `3600.9`, hour},
		{AsSeconds, `"abc"`, 0}, {AsSeconds, `-3600`, 0}, {AsSeconds, `"NaN"`, 0}, {AsSeconds, `"+Inf"`, 0}, {AsSeconds, `1e40`, 0}, {AsSeconds, `"0x10"`, 0},
		{AsSeconds, `"1_000"`, 0}, {AsSeconds, `true`, 0}, {AsSeconds, `null`, 0}, {AsSeconds, `{}`, 0}, {AsSeconds, `""`, 0}, {AsSeconds, `-0`, 0},
		{AsMilliseconds, `3600000`, hour}, {AsMilliseconds, `"3600999"`, hour},
		{AsEpochS, fmt.Sprint(epoch), hour}, {AsEpochS, fmt.Sprintf(`"%d"`, epoch), hour}, {AsEpochS, `1e300`, 0},
		{AsEpochMS, fmt.Sprintf("%d123", epoch), hour}, {AsEpochMS, fmt.Sprintf("%d.0", epoch*1000), hour},
		{AsRFC3339, `"2025-03-23T01:00:00Z"`, hour}, {AsRFC3339, `"2025-03-23T01:00:00.999Z"`, hour}, {AsRFC3339, `"2025-03-23T09:00:00+0800"`, hour},
		{AsRFC3339, `"2025-03-22T20:00:00.5-05:00"`, hour}, {AsRFC3339, `"2025-03-23 01:00:00"`, 0}, {AsRFC3339, `1742691600`, 0},
		{AsJWT, `"` + fresh + `"`, hour}, {AsJWT, `"Bearer ` + fresh + `"`, hour},
		{AsJWT, `"` + jwt(fmt.Sprintf(`{"exp":%d}`, epoch)) + `"`, hour},
		{AsJWT, `"` + jwt(`{"iat":1000,"exp":"4600"}`) + `"`, hour},
		{AsJWT, `"` + jwt(`{"iat":1000.5,"exp":4600.5}`) + `"`, hour},
		{AsJWT, `"` + jwt(`{"iat":4600,"exp":1000}`) + `"`, 0}, {AsJWT, `"` + jwt(`{"iat":1000}`) + `"`, 0}, {AsJWT, `"` + jwt(`{"exp":4600,"exp":4600,"iat":1000}`) + `"`, 0},
		{AsJWT, `"` + jwt(`{"EXP":4600,"iat":1000}`) + `"`, 0}, {AsJWT, `"` + jwt(`[]`) + `"`, 0}, {AsJWT, `"a.b.c"`, 0}, {AsJWT, `"opaque"`, 0},
		// Handed out once more, 40 minutes old: what is left counts.
		{AsJWT, `"` + jwt(fmt.Sprintf(`{"iat":%d,"exp":%d}`, testNow.Unix()-2400, testNow.Unix()+1200)) + `"`, 20 * time.Minute},
	} {
		p := plain(t, asForm, fmt.Sprintf("token: token\nexpires: [{at: e, as: %s}, {after: 100h}]\nuse: {headers: {Authorization: \"Bearer {token}\"}}", test.as))
		o := exchange(t, p, nil, json200(`{"token":"x","e":`+test.value+`}`))
		want, source := test.want, auth.SourceField
		if test.as == AsJWT {
			source = auth.SourceJWT
		}
		if want == 0 {
			want, source = 100*hour, auth.SourceAssumed
		}
		if o.err != nil || o.token.Life() != want || o.token.Source != source {
			t.Errorf("%s %s: %v by %s, %v; want %v by %s", test.as, test.value, o.token.Life(), o.token.Source, o.err, want, source)
		}
		if o.token.ExpiresAt.Nanosecond() != 0 || o.token.IssuedAt.Nanosecond() != 0 {
			t.Errorf("%s %s: fractions of a second", test.as, test.value)
		}
	}
}

func TestTokenPlaces(t *testing.T) {
	use := "\nexpires: [{after: 1h}]\nuse: {query: {t: \"{token}\"}}"
	for _, test := range []struct{ path, answer, want string }{
		{"a.1.b-c", json200(`{"a":[0,{"b-c":"x"}]}`), "x"},
		{"a.2.b", json200(`{"a":[0,{"b":"x"}]}`), ""},
		{"a.-1", json200(`{"a":["x"]}`), ""},
		{".", raw("HTTP/1.1 200 OK\nContent-Type: text/plain\n\nabc"), "abc"},
		{".", raw("HTTP/1.1 200 OK\nContent-Type: text/plain\n\nabc\n") + "\n", "abc"},
		{".", raw("HTTP/1.1 200 OK\n\n") + "abc\n\n", ""},
		{".", json200(`"abc"`), "abc"},
		{".", json200(`"abc`), ""},
		{".", raw("HTTP/1.1 200 OK\n\n1234567890123456789012"), "1234567890123456789012"},
		{".", raw("HTTP/1.1 200 OK\n\n<html></html>"), ""},
		{".", raw("HTTP/1.1 200 OK\nContent-Type: text/html\n\nabc"), ""},
		{".", json200(`{"errors":"x"}`), ""}, {".", json200(`["x"]`), ""}, {".", json200(`null`), ""}, {".", json200(`true`), ""}, {".", json200(``), ""},
		{"header:x-subject-token", raw("HTTP/1.1 201 Created\nX-Subject-Token: abc\n\n{\"token\":{}}"), "abc"},
		{"header:x-subject-token", raw("HTTP/1.1 204 No Content\nX-Subject-Token: abc\n\n"), "abc"},
		{"header:x-subject-token", json200(`{}`), ""},
	} {
		o := exchange(t, plain(t, asForm, "token: '"+test.path+"'"+use), nil, test.answer)
		if test.want == "" {
			wantKind(t, o, auth.Vendor)
		} else {
			wantToken(t, o, test.want, time.Hour)
		}
	}
}

func TestSuccessByAbsence(t *testing.T) {
	p := plain(t, asForm, "ok: {errcode: [\"\", \"0\"], header:X-State: [\"\", good]}\nerror: {code: errcode}\n"+secondsUse)
	for body, good := range map[string]bool{
		`{"token":"x","ttl":3600}`: true, `{"errcode":0,"token":"x","ttl":3600}`: true, `{"errcode":null,"token":"x","ttl":3600}`: true,
		`{"errcode":40013}`: false, `{"errcode":40013,"token":"x","ttl":3600}`: false, `{"errcode":{},"token":"x","ttl":3600}`: false,
	} {
		if o := exchange(t, p, nil, json200(body)); (o.err == nil) != good {
			t.Errorf("%s: %v", body, o.err)
		}
	}
	wantKind(t, exchange(t, p, nil, json200(`{"errcode":40013}`)), auth.Denied)
	// No ok at all: a failure is what has a code and no token.
	p = plain(t, asForm, "error: {code: error, message: error_description}\n"+secondsUse)
	e := wantKind(t, exchange(t, p, nil, json200(`{"error":"invalid_client","error_description":"no"}`)), auth.Denied)
	if e.VendorCode != "invalid_client" || e.VendorMessage != "no" {
		t.Error(e)
	}
	wantKind(t, exchange(t, p, nil, json200(`{}`)), auth.Vendor)
}

func TestRetryAfter(t *testing.T) {
	for value, want := range map[string]time.Duration{
		"": 0, "0": 0, "30": 30 * time.Second, " 7 ": 7 * time.Second, "86401": auth.MaxWait, "99999999999999999999999": auth.MaxWait,
		"-5": 0, "1.5": 0, "soon": 0,
		testNow.Add(time.Minute).Format(http.TimeFormat):         time.Minute,
		testNow.Add(-time.Minute).Format(http.TimeFormat):        0,
		testNow.Add(50 * 24 * time.Hour).Format(http.TimeFormat): auth.MaxWait,
	} {
		if have := retryAfter(value, testNow); have != want {
			t.Errorf("%q: %v, want %v", value, have, want)
		}
	}
}
