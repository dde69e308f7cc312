package providers

import (
	"context"
	"net/http"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// Skew is the vendor's clock minus this machine's, by the Date of the answer
// to a HEAD request that carries no credential. It is exact to about a
// second. The status does not matter: every server sends a Date. caFile is the
// account's own file of certificate authorities; empty: none.
func (e *Engine) Skew(ctx context.Context, endpoint, caFile string) (time.Duration, error) {
	base, err := baseURL(isEndpoint, endpoint, true)
	if err != nil {
		return 0, err
	}
	transport, err := e.transport(caFile)
	if err != nil {
		return 0, err
	}
	ctx, cancel := context.WithTimeout(ctx, e.timeout())
	defer cancel()
	req := (&http.Request{Method: http.MethodHead, URL: base, Host: base.Host, Header: http.Header{"User-Agent": {e.userAgent()}}}).WithContext(ctx)
	begun := e.now()
	resp, err := transport.RoundTrip(req)
	if err != nil {
		failure, _ := unanswered(ctx, err, base.Host, nil)
		return 0, failure
	}
	resp.Body.Close()
	date, err := http.ParseTime(resp.Header.Get("Date"))
	if err != nil {
		return 0, &auth.Error{Kind: auth.Vendor, Fact: "the response from " + auth.Printable(base.Host) + " has no Date"}
	}
	middle := begun.Add(e.now().Sub(begun) / 2)
	// A Date has whole seconds; half of one is the likeliest rest.
	return date.Add(time.Second / 2).Sub(middle).Round(time.Second / 2), nil
}
