package mockvendor

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestHangEndsWhenTheClientGoes(t *testing.T) {
	for _, p := range providers() {
		synctest.Test(t, func(t *testing.T) {
			s := New(Options{Fail: "hang"})
			ctx, cancel := context.WithCancel(t.Context())
			w := httptest.NewRecorder()
			done := false
			go func() {
				s.ServeHTTP(w, tokenRequest(t, p).WithContext(ctx))
				done = true
			}()
			time.Sleep(24 * time.Hour)
			synctest.Wait()
			if done {
				t.Error("answered")
			}
			if q := lastOutcome(t, s); q.Outcome != OutcomeHang || q.Status != 0 {
				t.Errorf("log %+v", q)
			}
			cancel()
			synctest.Wait()
			if !done || w.Body.Len() > 0 {
				t.Errorf("done %v, body %q", done, w.Body)
			}
		})
	}
}

// serveReal serves s on loopback. Its stop fails the test if a handler is
// still at work.
func serveReal(t *testing.T, s *Server, base context.Context) (url string, stop func()) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := &http.Server{Handler: s, BaseContext: func(net.Listener) context.Context { return base }}
	served := make(chan struct{})
	go func() {
		defer close(served)
		srv.Serve(l)
	}()
	return "http://" + l.Addr().String(), func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := srv.Shutdown(ctx); err != nil {
			t.Errorf("shutdown: %v", err)
		}
		<-served
	}
}

// send sends r over the network.
func send(ctx context.Context, r *http.Request, base string) (*http.Response, error) {
	out := r.Clone(ctx)
	out.RequestURI = ""
	out.URL.Host, out.URL.Scheme = strings.TrimPrefix(base, "http://"), "http"
	out.Host = ""
	return http.DefaultClient.Do(out)
}

func TestHangOnARealConnection(t *testing.T) {
	for _, who := range []string{"client", "server"} {
		t.Run(who+" goes", func(t *testing.T) {
			s := New(Options{Fail: "hang"})
			base, endServer := context.WithCancel(t.Context())
			defer endServer()
			url, stop := serveReal(t, s, base)
			ctx, endClient := context.WithTimeout(t.Context(), 10*time.Second)
			defer endClient()
			failed := make(chan error)
			go func() {
				resp, err := send(ctx, tokenRequest(t, "wahool"), url)
				if err == nil {
					resp.Body.Close()
					err = errors.New("answered: " + resp.Status)
				}
				failed <- err
			}()
			for len(s.Log()) == 0 {
				time.Sleep(time.Millisecond)
			}
			if who == "client" {
				endClient()
			} else {
				endServer()
			}
			if err := <-failed; strings.Contains(err.Error(), "answered") || errors.Is(err, context.DeadlineExceeded) {
				t.Error(err)
			}
			stop() // waits for the handler
		})
	}
}
