package providers

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/hauth/hauth/pkg/auth"
)

func TestDryRun(t *testing.T) {
	have, err := (&Engine{Provider: find(t, "123pan"), UserAgent: "hauth/1"}).DryRun(testCredentials(find(t, "123pan")))
	want := `POST http://open-api.123pan.com/api/v1/access_token
Accept: application/json
Accept-Encoding: identity
Content-Type: application/json
Platform: open_platform
User-Agent: hauth/1

{"clientID":"public-client_id","clientSecret":"[redacted]"}
`
	if err != nil || have != want {
		t.Errorf("%v\n%s", err, have)
	}
	have, err = (&Engine{Provider: find(t, "hitem3d")}).DryRun(auth.Credentials{})
	if err != nil || !strings.HasPrefix(have, "POST https://api.hitem3d.ai/open-api/v1/auth/token\n") || !strings.Contains(have, "\nAuthorization: Basic [redacted]\n") {
		t.Errorf("%v\n%s", err, have)
	}
	for request, want := range map[string]string{
		asForm: "id={id}&secret=[redacted]",
		`query: {id: "{id}", secret: "{secret}"}`: "/base/token?id={id}&secret=[redacted]\n",
		`headers: {A: "{id}", B: "x {secret}"}`:   "\nB: x [redacted]\n",
	} {
		have, err := (&Engine{Provider: plain(t, request, secondsUse)}).DryRun(auth.Credentials{})
		if err != nil || !strings.Contains(have, want) {
			t.Errorf("%s: %v\n%s", request, err, have)
		}
	}
}

// TestDryRunOfAPublicCopy: the secret typed as the id as well.
func TestDryRunOfAPublicCopy(t *testing.T) {
	for _, request := range []string{asForm, `basic: [id, secret]`, `query: {id: "{id}", secret: "{secret}"}`, `headers: {A: "{id}", B: "{secret}"}`} {
		p := plain(t, request, secondsUse)
		creds := testCredentials(p)
		creds.Vars["id"], creds.Vars["secret"] = auth.NewSecret("kL9vQ2xW7rT4"), auth.NewSecret("kL9vQ2xW7rT4")
		have, err := (&Engine{Provider: p}).DryRun(creds)
		if err != nil || strings.Contains(have, "kL9vQ2") || strings.Contains(have, base64.StdEncoding.EncodeToString([]byte("kL9vQ2x"))[:8]) {
			t.Errorf("%v\n%s", err, have)
		}
	}
}
