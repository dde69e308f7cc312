package proxy

import (
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// errorJSON is the body of a response of hauth's own, with the keys of the
// command line's errors.
type errorJSON struct {
	Code          string `json:"code"`
	Message       string `json:"message"`
	Account       string `json:"account,omitempty"`
	VendorCode    string `json:"vendor_code,omitempty"`
	VendorMessage string `json:"vendor_message,omitempty"`
	TraceID       string `json:"trace_id,omitempty"`
	Retryable     bool   `json:"retryable,omitempty"`
	RetryAfterS   int64  `json:"retry_after_s,omitempty"`
}

// fail responds to a request that did not reach the API, or got no response.
func (r *route) fail(w http.ResponseWriter, req *http.Request, err error) {
	x := exchangeOf(req.Context())
	if req.Context().Err() != nil {
		// The client has left, or sends no more. One that still reads must not
		// get the 200 that the end of a handler means.
		x.refused = "interrupted"
		panic(http.ErrAbortHandler)
	}
	e, ok := auth.AsError(err)
	if !ok {
		e = &auth.Error{Kind: auth.Internal, Fact: "the request cannot be forwarded"}
	}
	body := errorJSON{
		Code: e.Kind.Code(), Message: e.Message(), Account: r.account.String(), VendorCode: e.VendorCode, VendorMessage: e.VendorMessage,
		TraceID: e.TraceID, Retryable: e.Retryable, RetryAfterS: int64(math.Ceil(e.RetryAfter.Seconds())),
	}
	h := w.Header()
	status := http.StatusBadGateway
	if e.Kind == auth.Throttled {
		status = http.StatusServiceUnavailable
	}
	if e.RetryAfter > 0 {
		h.Set("Retry-After", strconv.FormatInt(body.RetryAfterS, 10))
	} else if status == http.StatusServiceUnavailable {
		h.Set("Retry-After", strconv.Itoa(int((30 * time.Second).Seconds())))
	}
	x.refused = body.Code
	h.Set(ErrorHeader, body.Code)
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	text, _ := json.Marshal(map[string]any{"error": body})
	w.Write(append(text, '\n'))
}
