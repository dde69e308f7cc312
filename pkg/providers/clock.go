package providers

import (
	"net/http"
	"time"
)

// clock relates the vendor's time to this machine's. A local clock that is
// wrong then neither drops good tokens nor keeps dead ones.
type clock struct {
	issued    time.Time // local, when the request began, in whole seconds
	vendorNow time.Time // the vendor's Date; local time where there is none to trust
	skewed    bool      // the two clocks disagree
	dated     bool      // vendorNow is the vendor's own word
	date      time.Time // the answer's Date; zero where there is none to trust
}

// maxSkew is what a Date may differ without meaning anything: it has whole
// seconds, and was written some time between request and answer.
const maxSkew = 2 * time.Second

// newClock compares the answer's Date with the local times between which it
// was written. A Date more than MaxLife away is nonsense and ignored.
//
// A clock that was set back in the meantime would put the issue into the
// future: the beginning is then counted back from the end. One that went on is
// left alone, because a suspended machine looks the same.
func newClock(begun, ended time.Time, header http.Header) clock {
	took := max(ended.Sub(begun), 0) // monotonic, where the clock is
	begun, ended = begun.UTC().Round(0), ended.UTC().Round(0)
	if back := ended.Add(-took); back.Before(begun) {
		begun = back
	}
	c := clock{issued: begun.Truncate(time.Second), vendorNow: begun}
	date, err := http.ParseTime(header.Get("Date"))
	if err != nil || date.Sub(begun).Abs() > MaxLife {
		return c
	}
	c.dated, c.date = true, date.UTC()
	if date.Before(begun.Add(-maxSkew)) || date.After(ended.Add(maxSkew)) {
		c.vendorNow, c.skewed = date.UTC(), true
	}
	return c
}

// until is the life of a token that ends at t on the vendor's clock.
func (c clock) until(t time.Time) time.Duration {
	if c.skewed {
		return t.Sub(c.vendorNow)
	}
	return t.Sub(c.issued)
}

// issuedAt is when the vendor issued the token, on its own clock: the answer's
// Date, or else the token's own iat. It is zero where neither is there.
func (c clock) issuedAt(token string) time.Time {
	if !c.date.IsZero() {
		return c.date
	}
	if claims, ok := jwtClaims(token); ok {
		if iat, ok := claim(claims, "iat"); ok {
			return iat.UTC()
		}
	}
	return time.Time{}
}
