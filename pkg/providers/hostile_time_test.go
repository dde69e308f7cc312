package providers

import (
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// dated200 is a good answer with a Date of the vendor's clock; zero: none.
func dated200(date time.Time, body string) string {
	header := ""
	if !date.IsZero() {
		header = "Date: " + date.UTC().Format(http.TimeFormat) + "\n"
	}
	return raw("HTTP/1.1 200 OK\n" + header + "\n" + body)
}

// expiring makes a provider that reads e as as.
func expiring(t *testing.T, as string) *Provider {
	return plain(t, asForm, "token: token\nexpires: [{at: e, as: "+as+"}]\nuse: {headers: {Authorization: \"Bearer {token}\"}}")
}

// TestWrongLocalClock: a clock a day off neither drops a good token nor keeps
// a dead one, as long as the vendor sends its Date. Every way to say the same
// hour gives the same end on the wrong clock.
func TestWrongLocalClock(t *testing.T) {
	const day = 24 * time.Hour
	for _, off := range []time.Duration{0, day, -day, 399 * day, -399 * day, time.Minute, -time.Minute} {
		vendorNow := testNow.Add(-off) // the truth
		end := vendorNow.Add(time.Hour)
		for as, value := range map[string]string{
			AsSeconds: "3600", AsMilliseconds: "3600000",
			AsEpochS: fmt.Sprint(end.Unix()), AsEpochMS: fmt.Sprint(end.UnixMilli()),
			AsRFC3339: `"` + end.In(time.FixedZone("", 8*3600)).Format(time.RFC3339) + `"`,
			AsJWT:     `"` + jwt(fmt.Sprintf(`{"iat":%d,"exp":%d}`, vendorNow.Unix(), end.Unix())) + `"`,
		} {
			o := exchange(t, expiring(t, as), nil, dated200(vendorNow, `{"token":"x","e":`+value+`}`))
			if o.err != nil || o.token.Life() != time.Hour || !o.token.ExpiresAt.Equal(testNow.Add(time.Hour)) {
				t.Errorf("%v off, %s: until %v, %v", off, as, o.token.ExpiresAt, o.err)
			}
		}
	}
}

// TestNoDateToGoBy: without a Date, or with a nonsensical one, a life still is
// a life; an end is compared with the local clock, and if that makes no sense,
// the hint says where to look.
func TestNoDateToGoBy(t *testing.T) {
	const day = 24 * time.Hour
	for name, header := range map[string]string{
		"none": "X: y\n", "empty": "Date:\n", "nonsense": "Date: yesterday\n", "RFC 3339": "Date: 2025-03-23T00:00:00Z\n",
		"500 days ahead":  "Date: " + testNow.Add(500*day).Format(http.TimeFormat) + "\n",
		"500 days behind": "Date: " + testNow.Add(-500*day).Format(http.TimeFormat) + "\n",
		"year 0":          "Date: Sat, 01 Jan 0000 00:00:00 GMT\n", "year 9999": "Date: Fri, 31 Dec 9999 23:59:59 GMT\n",
		"30 February": "Date: Sun, 30 Feb 2025 00:00:00 GMT\n", "hour 25": "Date: Sun, 23 Mar 2025 25:00:00 GMT\n",
	} {
		answer := func(value string) string {
			return raw("HTTP/1.1 200 OK\n" + header + "\n" + `{"token":"x","e":` + value + `}`)
		}
		wantToken(t, exchange(t, expiring(t, AsSeconds), nil, answer("3600")), "x", time.Hour)
		wantToken(t, exchange(t, expiring(t, AsRFC3339), nil, answer(`"2025-03-23T01:00:00Z"`)), "x", time.Hour)
		for _, dead := range []string{`"2025-03-22T01:00:00Z"`, `"2027-03-23T01:00:00Z"`} { // a clock ahead, or far behind
			o := exchange(t, expiring(t, AsRFC3339), nil, answer(dead))
			if e := wantKind(t, o, auth.Vendor); e.Remedy != auth.RemedyClock {
				t.Errorf("%s: %v: %s", name, e, e.Remedy)
			}
		}
	}
	// With a Date the local clock is not to blame.
	o := exchange(t, expiring(t, AsRFC3339), nil, json200(`{"token":"x","e":"2025-03-22T01:00:00Z"}`))
	if e := wantKind(t, o, auth.Vendor); e.Remedy != "" {
		t.Error(e.Remedy)
	}
	// Dates in the old forms of RFC 9110 are good.
	for _, date := range []string{"Saturday, 22-Mar-25 00:00:00 GMT", "Sat Mar 22 00:00:00 2025"} {
		o := exchange(t, expiring(t, AsRFC3339), nil, raw("HTTP/1.1 200 OK\nDate: "+date+"\n\n"+`{"token":"x","e":"2025-03-22T01:00:00Z"}`))
		wantToken(t, o, "x", time.Hour)
	}
}

// TestClockMovesDuringTheExchange: the wall clock is set while the vendor
// thinks for two seconds. Set back, the issue once lay in the future of the
// new clock, so that the token just paid for was old at once.
func TestClockMovesDuringTheExchange(t *testing.T) {
	for _, step := range []time.Duration{0, -time.Hour, -30 * 24 * time.Hour, time.Hour} {
		for _, as := range []string{AsSeconds, AsRFC3339} {
			synctest.Test(t, func(t *testing.T) {
				base := time.Now().Round(0)
				calls := 0
				now := func() time.Time {
					if calls++; calls == 1 {
						return time.Now()
					}
					return time.Now().Add(step)
				}
				truth := base.Add(step) // the new clock is right
				p := expiring(t, as)
				v := &rawVendor{answers: []string{dated200(truth.Add(time.Second), fmt.Sprintf(`{"token":"x","e":%s}`,
					map[string]string{AsSeconds: "3600", AsRFC3339: `"` + truth.Add(time.Hour).UTC().Format(time.RFC3339) + `"`}[as]))}}
				e := &Engine{Provider: p, Client: v.client(), Now: now}
				grant, err := e.Exchange(t.Context(), testCredentials(p))
				if err != nil {
					t.Fatal(err)
				}
				left := grant.Token.Left(base.Add(step))
				if step <= 0 && (left < time.Hour-3*time.Second || left > time.Hour) {
					t.Errorf("%v %s: %v left", step, as, left)
				}
				// A step ahead looks like a suspended machine: too old is safe.
				if left > time.Hour {
					t.Errorf("%v %s: %v left, more than there was", step, as, left)
				}
			})
		}
	}
}

// TestClockCountsBackFromTheEnd checks the arithmetic that a fake clock cannot
// show, with real monotonic readings.
func TestClockCountsBackFromTheEnd(t *testing.T) {
	begun := time.Now()
	ended := begun.Add(3 * time.Second) // both hold a monotonic reading
	c := newClock(begun, ended, http.Header{})
	if !c.issued.Equal(begun.Round(0).Truncate(time.Second)) {
		t.Errorf("a quiet clock moved: %v, begun %v", c.issued, begun)
	}
	setBack := begun.Round(0).Add(-time.Hour) // no monotonic reading: the time between is unknown, and none
	if c := newClock(begun, setBack, http.Header{}); c.issued.After(setBack) {
		t.Errorf("issued %v, after the end %v", c.issued, setBack)
	}
	suspended := begun.Round(0).Add(time.Hour)
	if c := newClock(begun, suspended, http.Header{}); c.issued.After(begun) {
		t.Errorf("an hour's sleep was given to the token: issued %v, begun %v", c.issued, begun)
	}
}

// TestDatesOfAllShapes reads RFC 3339 as vendors write it.
func TestDatesOfAllShapes(t *testing.T) {
	leap := time.Date(2028, 2, 28, 23, 30, 0, 0, time.UTC)
	for _, test := range []struct {
		now  time.Time
		text string
		want time.Duration // zero: refused
	}{
		{leap, "2028-02-29T00:30:00Z", time.Hour}, {leap, "2028-02-29T08:30:00+08:00", time.Hour}, {leap, "2028-03-01T00:00:00Z", 24*time.Hour + 30*time.Minute},
		{leap, "2028-02-30T00:30:00Z", 0}, {leap.AddDate(1, 0, 0), "2029-02-29T00:30:00Z", 0}, {leap, "2100-02-29T00:00:00Z", 0},
		{testNow, "2025-03-23T01:00:00Z", time.Hour}, {testNow, "2025-03-23t01:00:00z", time.Hour}, {testNow, "2025-03-23T01:00:00z", time.Hour}, {testNow, "2025-03-23t09:00:00+08:00", time.Hour},
		{testNow, "2025-03-23T09:00:00+0800", time.Hour}, {testNow, "2025-03-23t09:00:00.123456789+0800", time.Hour}, {testNow, " 2025-03-23T01:00:00Z\n", time.Hour},
		{testNow, "2025-03-23T01:00:00.5Z", time.Hour}, {testNow, "2025-03-23T01:00:00.999999999999Z", time.Hour}, {testNow, "2025-03-22T17:00:00-08:00", time.Hour},
		{testNow, "2025-03-23T14:45:00+13:45", time.Hour}, {testNow, "2025-03-23T01:00:00-00:00", time.Hour}, {testNow, "2025-03-23T01:00:00+00:00", time.Hour},
		{testNow, "2025-03-23T01:00:00", 0}, {testNow, "2025-03-23", 0}, {testNow, "2025-03-23T24:00:00Z", 0}, {testNow, "2025-03-23T01:60:00Z", 0}, {testNow, "2025-03-23T01:00:00 +08:00", 0},
		{testNow, "2025-13-01T00:00:00Z", 0}, {testNow, "25-03-23T01:00:00Z", 0}, {testNow, "+2025-03-23T01:00:00Z", 0}, {testNow, "-2025-03-23T01:00:00Z", 0},
		{testNow, "9999-12-31T23:59:59Z", 0}, {testNow, "0001-01-01T00:00:00Z", 0}, {testNow, "0000-00-00T00:00:00Z", 0}, {testNow, "10000-01-01T00:00:00Z", 0},
		{testNow, "1970-01-01T00:00:00Z", 0}, {testNow, "2025-03-23T00:00:00Z", 0}, {testNow, "2025-03-23T00:00:29Z", 0}, {testNow, "2025-03-23T00:00:30Z", 30 * time.Second},
		{testNow, "2026-04-27T00:00:00Z", 400 * 24 * time.Hour}, {testNow, "2026-04-27T00:00:01Z", 0},
	} {
		o := exchange(t, expiring(t, AsRFC3339), func(e *Engine, _ *auth.Credentials) { e.Now = func() time.Time { return test.now } },
			dated200(test.now, fmt.Sprintf(`{"token":"x","e":%q}`, test.text)))
		if test.want == 0 {
			if o.err == nil || !auth.Is(o.err, auth.Vendor) {
				t.Errorf("%q: a life of %v, %v", test.text, o.token.Life(), o.err)
			}
		} else if o.err != nil || o.token.Life() != test.want {
			t.Errorf("%q: %v, %v, want %v", test.text, o.token.Life(), o.err, test.want)
		}
	}
}

// TestWrongUnit: an end in the wrong unit lies decades away, and is refused; a
// life in the wrong unit is refused where its bounds show it: every life up
// to eight hours that is taken for milliseconds, every one from ten hours on
// that is taken for seconds. Between the two only a second source can tell.
func TestWrongUnit(t *testing.T) {
	end := testNow.Add(time.Hour)
	for _, test := range []struct{ as, value string }{
		{AsEpochS, fmt.Sprint(end.UnixMilli())}, {AsEpochS, fmt.Sprint(end.UnixMicro())}, {AsEpochS, fmt.Sprint(end.UnixNano())}, {AsEpochS, "3600"}, {AsEpochS, "-1"}, {AsEpochS, "0"},
		{AsEpochMS, fmt.Sprint(end.Unix())}, {AsEpochMS, fmt.Sprint(end.UnixMicro())}, {AsEpochMS, fmt.Sprint(end.UnixNano())}, {AsEpochMS, "3600000"}, {AsEpochMS, "1e400"},
		{AsEpochS, "253402300799"}, {AsEpochS, "253402300800"}, {AsEpochMS, "253402300799000"},
		{AsMilliseconds, "3600"}, {AsMilliseconds, "7200"}, {AsMilliseconds, "28800"}, {AsMilliseconds, fmt.Sprint(end.UnixMilli())},
		{AsSeconds, "36000000"}, {AsSeconds, "86400000"}, {AsSeconds, "2592000000"}, {AsSeconds, fmt.Sprint(end.Unix())}, {AsSeconds, fmt.Sprint(end.UnixMilli())},
		{AsRFC3339, fmt.Sprint(end.Unix())}, {AsRFC3339, `"3600"`}, {AsSeconds, `"2025-03-23T01:00:00Z"`}, {AsSeconds, `"1h"`}, {AsSeconds, "9223372036854775807"}, {AsSeconds, "9223372036.9"},
		{AsJWT, `"` + jwt(fmt.Sprintf(`{"iat":%d,"exp":%d}`, testNow.UnixMilli(), end.UnixMilli())) + `"`},
		{AsJWT, `"` + jwt(fmt.Sprintf(`{"iat":%d,"exp":%d}`, testNow.Unix(), end.UnixMilli())) + `"`},
		{AsJWT, `"` + jwt(`{"iat":0,"exp":253402300799}`) + `"`}, {AsJWT, `"` + jwt(`{"iat":-5,"exp":-1}`) + `"`},
	} {
		o := exchange(t, expiring(t, test.as), nil, json200(`{"token":"x","e":`+test.value+`}`))
		if o.err == nil || !auth.Is(o.err, auth.Vendor) {
			t.Errorf("%s %s: a life of %v, %v", test.as, test.value, o.token.Life(), o.err)
		}
	}
	// Wahool's two sources, each in the wrong unit: the claims win, and say so.
	token := jwt(`{"iat":1714991299,"exp":1714998499}`)
	o := exchange(t, find(t, "wahool"), nil, json200(`{"code":200,"data":{"accessToken":"`+token+`","expiresIn":86400}}`))
	wantToken(t, o, token, 2*time.Hour)
	if len(o.notices) != 1 {
		t.Errorf("%q", o.notices)
	}
	o = exchange(t, find(t, "wahool"), nil, json200(`{"code":200,"data":{"accessToken":"opaque","expiresIn":7200}}`))
	wantKind(t, o, auth.Vendor)
}
