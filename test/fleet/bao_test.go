//go:build fleet

package fleet

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/fleet"
)

// TestOpenBao runs a real server, with a token that may do no more than hauth
// asks for.
func TestOpenBao(t *testing.T) {
	b := openBao(t)
	target := b.url + "?token-file=" + b.tokenFile
	conform(t, target, nil)
	record := b.names(t)[0]
	var metadata struct {
		Data struct {
			MaxVersions int `json:"max_versions"`
			Versions    map[string]any
		}
	}
	if json.Unmarshal(b.ask(t, http.MethodGet, "secret/metadata/team/hauth/"+record, nil), &metadata); metadata.Data.MaxVersions != 2 || len(metadata.Data.Versions) > 2 {
		t.Errorf("%d versions of %d are kept", len(metadata.Data.Versions), metadata.Data.MaxVersions)
	}

	// A login with a token that somebody else has signed.
	key, jwt := b.allowJWT(t)
	file := write(t, t.TempDir(), "jwt", jwt(key))
	conform(t, b.url+"?role=ci&auth=jwt&jwt-file="+file, nil)
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	fails(t, b.url+"?role=ci&auth=jwt&jwt-file="+write(t, t.TempDir(), "jwt", jwt(other)), false, auth.RemedyEngineLogin)
	fails(t, b.url+"?role=cd&auth=jwt&jwt-file="+file, false, auth.RemedyEngineLogin)

	fails(t, b.url+"?token-file="+write(t, t.TempDir(), "token", "canary-wrong"), false, auth.RemedyEngineLogin)
	fails(t, b.url+"?token-file="+write(t, t.TempDir(), "token", ""), false, auth.RemedyEngineLogin)
	elsewhere := "bao+http://" + b.address + "/secret/another-team?token-file=" + b.tokenFile
	fails(t, elsewhere, false, auth.RemedyEngineRights)
	root := write(t, t.TempDir(), "root", baoRoot)
	fails(t, "bao+http://"+b.address+"/nothing/here?token-file="+root, false, auth.RemedyFleetURL)
	b.ask(t, http.MethodPost, "sys/mounts/old", map[string]any{"type": "kv", "options": map[string]string{"version": "1"}})
	old := "bao+http://" + b.address + "/old/hauth?token-file=" + root
	if _, err := fleet.Probe(t.Context(), open(t, old), parse(t, old), fleet.Seal{}, time.Now); err == nil || !strings.Contains(err.Error(), "KV version 2") {
		t.Errorf("version 1: %v", err)
	}

	b.server.stop()
	bounded(t, target)
	b.server.cont()
	b.ask(t, http.MethodPut, "sys/seal", nil)
	fails(t, target, true, auth.RemedyEngine)
	b.server.kill()
	fails(t, target, true, auth.RemedyEngine)
}

// names are the records.
func (b *bao) names(t *testing.T) []string {
	t.Helper()
	var list struct{ Data struct{ Keys []string } }
	json.Unmarshal(b.ask(t, "LIST", "secret/metadata/team/hauth", nil), &list)
	if len(list.Data.Keys) == 0 {
		t.Fatal("no records")
	}
	return list.Data.Keys
}

// allowJWT lets tokens of an issuer in, and returns the issuer's key and what
// signs a token.
func (b *bao) allowJWT(t *testing.T) (*ecdsa.PrivateKey, func(*ecdsa.PrivateKey) string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	b.ask(t, http.MethodPost, "sys/auth/jwt", map[string]any{"type": "jwt"})
	b.ask(t, http.MethodPost, "auth/jwt/config", map[string]any{
		"jwt_validation_pubkeys": []string{string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))},
	})
	b.ask(t, http.MethodPost, "auth/jwt/role/ci", map[string]any{
		"role_type": "jwt", "bound_audiences": []string{"hauth"}, "user_claim": "sub", "token_policies": []string{"hauth"}, "token_ttl": "1h",
	})
	return key, func(key *ecdsa.PrivateKey) string {
		now := time.Now().Unix()
		part := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
		signed := part(`{"alg":"ES256","typ":"JWT"}`) + "." + part(fmt.Sprintf(`{"aud":"hauth","sub":"canary","nbf":%d,"exp":%d}`, now-60, now+3600))
		sum := sha256.Sum256([]byte(signed))
		r, s, err := ecdsa.Sign(rand.Reader, key, sum[:])
		if err != nil {
			t.Fatal(err)
		}
		return signed + "." + part(string(r.FillBytes(make([]byte, 32)))+string(s.FillBytes(make([]byte, 32))))
	}
}

// bao is an OpenBao server, or Vault's, in its development mode.
type bao struct {
	server    *server
	url       string
	tokenFile string // of a token with no more rights than hauth asks for
	address   string
}

const baoRoot = "canary-root-token"

func openBao(t *testing.T) *bao {
	t.Helper()
	program, err := exec.LookPath("bao")
	if err != nil {
		program, err = exec.LookPath("vault")
	}
	if err != nil {
		t.Skip("neither bao nor vault is installed: only a fake of their API is tested")
	}
	dir := t.TempDir()
	b := &bao{address: "127.0.0.1:" + freePort(t)}
	b.url = "bao+http://" + b.address + "/secret/team/hauth"
	b.server = startServer(t, accepts(b.address), dir, "env", "-i", "HOME="+dir, program,
		"server", "-dev", "-dev-root-token-id="+baoRoot, "-dev-listen-address="+b.address, "-dev-no-store-token")
	eventually(t, 20*time.Second, "the KV engine is there", func() error {
		_, err := open(t, b.url+"?token-file="+write(t, dir, "root", baoRoot)).Read(t.Context(), "a")
		return err
	})
	b.tokenFile = write(t, dir, "token", b.token(t, parse(t, b.url+"?token-file=/x").Rights()))
	return b
}

// token makes a token with this policy and no other.
func (b *bao) token(t *testing.T, policy string) string {
	t.Helper()
	b.ask(t, http.MethodPut, "sys/policies/acl/hauth", map[string]any{"policy": policy})
	var made struct {
		Auth struct {
			Token string `json:"client_token"`
		} `json:"auth"`
	}
	json.Unmarshal(b.ask(t, http.MethodPost, "auth/token/create", map[string]any{"policies": []string{"hauth"}, "no_default_policy": true}), &made)
	return made.Auth.Token
}

// ask makes a request as root.
func (b *bao) ask(t *testing.T, method, path string, body any) []byte {
	t.Helper()
	sent, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), method, "http://"+b.address+"/v1/"+path, bytes.NewReader(sent))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-Vault-Token", baoRoot)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode >= 300 {
		t.Fatalf("%s: %s %s %v", path, response.Status, got, err)
	}
	return got
}
