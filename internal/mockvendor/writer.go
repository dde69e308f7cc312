package mockvendor

import (
	"errors"
	"net/http"
	"time"
)

// badGateway is what a proxy in front of the vendor responds in its place.
const badGateway = `<!DOCTYPE html>
<html>
<head><title>502 Bad Gateway</title></head>
<body><center><h1>502 Bad Gateway</h1></center></body>
</html>
`

// writer makes answers in one vendor's format, at one time.
type writer struct {
	vendor  *vendor
	variant string
	now     time.Time
}

func (w writer) succeed(outcome string, data any) answer {
	return w.vendor.write(message{outcome: outcome, variant: w.variant, now: w.now, data: data})
}

func (w writer) fail(outcome string, f failure) answer {
	return w.vendor.write(message{outcome: outcome, variant: w.variant, now: w.now, failure: &f})
}

// refuse is the vendor's refusal. Its code is the same for everything that
// can be wrong with a request for a token; the text says what it was, unless
// it was the credentials.
func (w writer) refuse(reason error) answer {
	f := w.vendor.denied
	if errors.Is(reason, errWrongCredentials) {
		return w.fail(OutcomeDenied, f)
	}
	f.text += ": " + reason.Error()
	return w.fail(OutcomeMalformed, f)
}

func (w writer) noMethod(allow string) answer {
	a := w.fail(OutcomeNoMethod, httpFailure(http.StatusMethodNotAllowed, "method not allowed"))
	a.header["Allow"] = allow
	return a
}

func (w writer) html() answer {
	return answer{
		outcome: OutcomeHTML,
		status:  http.StatusBadGateway,
		header:  map[string]string{"Content-Type": "text/html; charset=utf-8"},
		date:    w.now,
		body:    []byte(badGateway),
	}
}
