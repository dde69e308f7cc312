//go:build fleet

package fleet

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
)

const (
	clientID     = "canary-client-id-of-acme"
	clientSecret = "canary-secret-of-acme-0123456789"
)

// acme is the provider file of the tests' vendor. One token lives. The vendor
// of turning replaces the secret at each use as well.
const acme = `name: acme
title: Acme Robotics canary
docs: https://acme.example/docs
vars:
  - {name: client_id, label: Client ID}
  - {name: client_secret, label: Client secret, secret: true}
endpoint: https://acme.example
request:
  method: POST
  path: /canary/token
  json: {client_id: "{client_id}", client_secret: "{client_secret}"}
ok: {code: ["0"]}
token: data.token
expires:
  - {at: data.expires_in, as: seconds}
error: {code: code, message: [message]}
codes:
  "401": denied
use:
  headers: {Authorization: "Bearer {token}"}
limits: {live: 1}
`

var turning = strings.Replace(acme, "expires:", "rotate: {client_secret: data.secret}\nexpires:", 1)

// vendor issues tokens; a new one ends the old one.
type vendor struct {
	*httptest.Server
	mu       sync.Mutex
	requests int
	issued   int
	live     string
	refuse   bool
	turns    bool              // the secret is replaced at each use
	patient  bool              // ... and the one before it is accepted until the new one is used
	secrets  []string          // that are accepted; nil: the first one
	before   func(request int) // it has arrived
	after    func(request int) // it is answered next
}

func newVendor(t *testing.T, address string, ca *authority) *vendor {
	v := &vendor{}
	v.Server = httptest.NewUnstartedServer(v)
	l, err := net.Listen("tcp", address+":0")
	if err != nil {
		t.Fatal(err)
	}
	v.Listener.Close()
	v.Listener = l
	if ca != nil {
		v.TLS = ca.server(address)
		v.StartTLS()
	} else {
		v.Start()
	}
	t.Cleanup(v.Close)
	return v
}

func (v *vendor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost { // doctor asks for the time
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	var body struct {
		Secret string `json:"client_secret"`
	}
	json.NewDecoder(r.Body).Decode(&body)
	v.mu.Lock()
	v.requests++
	n, before, after := v.requests, v.before, v.after
	v.mu.Unlock()
	if before != nil {
		before(n)
	}
	v.mu.Lock()
	answer := map[string]any{"code": 401, "message": "canary: who are you?"}
	if v.secrets == nil {
		v.secrets = []string{clientSecret}
	}
	if !v.refuse && slices.Contains(v.secrets, body.Secret) {
		v.issued++
		v.live = fmt.Sprintf("canary-token-%d-%s", v.issued, strings.Repeat("x", 20))
		data := map[string]any{"token": v.live, "expires_in": 7200}
		if v.turns {
			next := fmt.Sprintf("canary-secret-%d-%s", v.issued, strings.Repeat("y", 20))
			data["secret"] = next
			v.secrets = []string{next}
			if v.patient {
				v.secrets = append(v.secrets, body.Secret)
			}
		}
		answer = map[string]any{"code": 0, "data": data}
	}
	v.mu.Unlock()
	if after != nil {
		after(n)
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(answer)
}

// reset begins a new count.
func (v *vendor) reset() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.requests, v.refuse, v.before, v.after = 0, false, nil, nil
}

func (v *vendor) set(change func(*vendor)) {
	v.mu.Lock()
	defer v.mu.Unlock()
	change(v)
}

func (v *vendor) asked(t *testing.T, want ...int) {
	t.Helper()
	v.mu.Lock()
	defer v.mu.Unlock()
	if !slices.Contains(want, v.requests) {
		t.Errorf("%d requests to the vendor, want %d", v.requests, want)
	}
}

func (v *vendor) token() string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.live
}
