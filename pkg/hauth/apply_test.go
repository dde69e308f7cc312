package hauth

import (
	"errors"
	"io"
	"net/http"
	"testing"
	"testing/iotest"

	"github.com/hauth/hauth/pkg/auth"
)

// TestFormThatCannotBeRead: as for any other body, that is not the API's
// failure.
func TestFormThatCannotBeRead(t *testing.T) {
	broken := errors.New("broken")
	for _, wrap := range []func(*http.Request) io.ReadCloser{
		func(req *http.Request) io.ReadCloser { return req.Body },
		func(req *http.Request) io.ReadCloser {
			body, err := newReplayBody(req, 100).send()
			if err != nil {
				t.Fatal(err)
			}
			return body
		},
	} {
		req, err := http.NewRequest("POST", "http://x/", iotest.ErrReader(broken))
		if err != nil {
			t.Fatal(err)
		}
		req.ContentLength = 10
		req.Header.Set("Content-Type", formType)
		req.Body = wrap(req)
		err = applyForm(req, [][2]string{{"token", "x"}})
		if !auth.Is(err, auth.Usage) || !errors.Is(err, broken) || err.Error() != "the request's body cannot be read: broken" {
			t.Errorf("%v", err)
		}
	}
}
