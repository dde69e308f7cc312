package fleet

import (
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/hauth/hauth/pkg/auth"
)

// here is a URL whose files are absolute paths of this system.
func here(url string) string {
	if runtime.GOOS == "windows" {
		return strings.ReplaceAll(url, "-file=/", "-file=C:/")
	}
	return url
}

func TestParse(t *testing.T) {
	for raw, shown := range map[string]string{
		"redis://host": "redis://host:6379",
		"redis://USER@host:6380/1?password-file=/run/pw":         "redis://host:6380/1",
		"rediss://host/0?ca-file=/a&cert-file=/b&key-file=/c":    "rediss://host:6379/0",
		"redis+sentinel://a:1,b/mymaster?down=fail&db=2":         "redis+sentinel://a:1,b:26379/mymaster",
		"rediss+sentinel://a/m?sentinel-password-file=/p":        "rediss+sentinel://a:26379/m",
		"redis+cluster://a:1,[::1]:2,10.0.0.1":                   "redis+cluster://a:1,[::1]:2,10.0.0.1:6379",
		"rediss+cluster://u@a":                                   "rediss+cluster://a:6379",
		"bao+https://vault.example/kv/team/hauth?token-file=/t":  "bao+https://vault.example:8200/kv/team/hauth",
		"bao+http://127.0.0.1:1/kv/h?role=ci&auth=kubernetes":    "bao+http://127.0.0.1:1/kv/h",
		"etcd+https://a,b:1/hauth/x/?cert-file=/a&key-file=/b":   "etcd+https://a:2379,b:1/hauth/x",
		"exec:///usr/local/bin/hauth-pg?seal-file=/s&down=alone": "exec:///usr/local/bin/hauth-pg",
		"redis://user:p%40ss%2F@host":                            "redis://host:6379",
	} {
		target, err := Parse(here(raw), false)
		if err != nil {
			t.Errorf("%s: %v", raw, err)
			continue
		}
		if got := target.String(); got != shown {
			t.Errorf("%s is shown as %s, want %s", raw, got, shown)
		}
		again, err := Parse(target.URL(), true)
		if err != nil || again.String() != shown || again.URL() != target.URL() || again.User != target.User || again.Down != target.Down {
			t.Errorf("%s is kept as %s, which reads as %+v, %v", raw, target.URL(), again, err)
		}
		if !again.Password.IsEmpty() || strings.Contains(target.URL(), "p%40ss") {
			t.Errorf("%s keeps the password: %s", raw, target.URL())
		}
	}
	target, err := Parse("redis://us%3Aer:p%40ss%2F%25@host", false)
	if err != nil || target.User != "us:er" || target.Password.Reveal() != "p@ss/%" {
		t.Errorf("%+v, %v", target, err)
	}
}

func TestParseRefuses(t *testing.T) {
	for _, raw := range []string{
		"", "redis", "redis:host", "host:6379", "memcached://host", "http://host", "REDIS://host", "redis+tls://host",
		"redis://", "redis:///0", "redis://host:0", "redis://host:x", "redis://host:65536", "redis://ho st", "redis://a,b", "redis://host/x", "redis://host/-1", "redis://host#x",
		"redis://host?password=hunter2-canary", "redis://host?password-file=rel", "redis://host?password-file=~/x", "redis://host?password-file=",
		"redis://host?ca-file=/x", "redis://host?down=maybe", "redis://host?down=alone&down=fail", "redis://host?token-file=/x", "redis://host?%zz",
		"rediss://host?cert-file=/x", "rediss://host?key-file=/x", "redis://host?password-file=/a%0ab", "redis://a%0a@host", "redis://:%zzhunter2-canary@host",
		"redis+cluster://a/0", "redis+sentinel://a", "redis+sentinel://a/b/c", "redis+sentinel://a/m?db=x",
		"bao+https://h/kv?token-file=/t", "bao+https://h/kv/p", "bao+https://h/kv/../p?token-file=/t", "bao+https://h/kv/p%3fx?token-file=/t", "bao+https://a,b/kv/p?token-file=/t",
		"bao+https://user:hunter2-canary@h/kv/p?token-file=/t", "bao://h/kv/p", "etcd+https://h", "etcd+https://hunter2-canary@h/p", "exec://host/x", "exec:///",
	} {
		_, err := Parse(here(raw), false)
		e, ok := auth.AsError(err)
		if !ok || e.Kind != auth.Usage || e.Remedy != auth.RemedyFleetURL {
			t.Errorf("%q: %v", raw, err)
			continue
		}
		if strings.Contains(e.Error()+e.Subject, "hunter2") {
			t.Errorf("%q: the error repeats the password: %v", raw, err)
		}
	}
}

func TestParsePasswordInFlag(t *testing.T) {
	for _, raw := range []string{"redis://user:hunter2-canary@host", "redis://:hunter2-canary@host", "redis://user:@host"} {
		_, err := Parse(raw, true)
		e, ok := auth.AsError(err)
		if !ok || e.Kind != auth.Usage || e.Remedy != auth.RemedyPasswordFile || strings.Contains(e.Error(), "hunter2") {
			t.Errorf("%q: %v", raw, err)
		}
	}
}

func TestPlain(t *testing.T) {
	for raw, want := range map[string]bool{
		"redis://host": true, "rediss://host": false, "redis://localhost": false, "redis://127.1.2.3": false, "redis://[::1]:1": false,
		"redis+cluster://127.0.0.1,10.0.0.1": true, "bao+http://host/k/p?token-file=/t": true, "bao+https://host/k/p?token-file=/t": false,
		"etcd+http://10.0.0.1/p": true, "exec:///x": false,
	} {
		target, err := Parse(here(raw), false)
		if err != nil || target.Plain() != want {
			t.Errorf("%s: %v, %v", raw, target.Plain(), err)
		}
	}
}

// TestRightsAreDocumented wants docs to ask for the rights that doctor prints.
func TestRightsAreDocumented(t *testing.T) {
	const user = "ACL SETUSER hauth on >PASSWORD resetkeys ~hauth:* resetchannels -@all +eval +hmget +hset +pexpire +time"
	lines := map[string]string{ // as they are documented: the whole, or what one kind of server needs on top
		"redis://h/0": user, "redis+sentinel://h/m": "`+role`", "redis+cluster://h": "`+asking`", "redis://h/1": "`+select`",
		"bao+https://h/kv/team/hauth?token-file=/t": `path "kv/metadata/team/hauth/*" { capabilities = ["create", "update"] }`,
	}
	for _, path := range []string{"../../docs/fleets.md", "../../docs/zh-CN/fleets.md"} {
		doc, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for raw, line := range lines {
			target, err := Parse(here(raw), false)
			if err != nil {
				t.Fatal(err)
			}
			rights := target.Rights()
			if more, ok := strings.CutPrefix(rights, user+" "); ok {
				rights = "`" + more + "`"
			}
			if !strings.Contains(rights, line) || !strings.Contains(string(doc), line) {
				t.Errorf("%s: %s needs %s, documented is %s", path, raw, rights, line)
			}
		}
	}
}

func TestTargetFiles(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "seal")
	target, err := Parse("redis://host?seal-file="+path+"&password-file="+dir, false)
	if err != nil {
		t.Fatal(err)
	}
	_, err = target.sealFile()
	if e, ok := auth.AsError(err); !ok || e.Kind != auth.Store || e.Remedy != auth.RemedyLook || e.Subject != path {
		t.Errorf("absent: %v", err)
	}
	if _, err := target.file("password-file"); !auth.Is(err, auth.Store) {
		t.Errorf("a directory: %v", err)
	}
	if err := os.WriteFile(path, []byte("short\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := target.sealFile(); !auth.Is(err, auth.Usage) {
		t.Errorf("short: %v", err)
	}
	if err := os.WriteFile(path, []byte("0123456789abcdef\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err := target.sealFile(); err != nil || s.Reveal() != "0123456789abcdef" {
		t.Errorf("%v", err)
	}
}

func TestRights(t *testing.T) {
	for raw, want := range map[string]string{
		"redis://u@h/0":                     "ACL SETUSER u on >PASSWORD resetkeys ~hauth:* resetchannels -@all +eval +hmget +hset +pexpire +time",
		"rediss://h/3":                      "ACL SETUSER hauth on >PASSWORD resetkeys ~hauth:* resetchannels -@all +eval +hmget +hset +pexpire +time +select",
		"redis+cluster://h":                 "ACL SETUSER hauth on >PASSWORD resetkeys ~hauth:* resetchannels -@all +eval +hmget +hset +pexpire +time +asking",
		"etcd+http://h/p":                   "",
		"bao+http://h/kv/a/b?token-file=/t": "path \"kv/data/a/b/*\" { capabilities = [\"create\", \"read\", \"update\"] }\npath \"kv/metadata/a/b/*\" { capabilities = [\"create\", \"update\"] }",
		"exec:///x":                         "",
	} {
		target, err := Parse(here(raw), false)
		if err != nil || target.Rights() != want {
			t.Errorf("%s: %q, %v", raw, target.Rights(), err)
		}
	}
}

// FuzzParse wants what is accepted to be shown without user and password, to
// read the same again as it is stored, and never to hold what would end a line.
func FuzzParse(f *testing.F) {
	for _, raw := range []string{
		"redis://user:p%40ss@host:1/2?password-file=/a&down=fail", "rediss+sentinel://a:1,[::1]/m?sentinel-user=x", "redis+cluster://a,b",
		"bao+https://h/kv/a/b?role=x&auth=jwt&namespace=n%2fm", "etcd+http://a:1,b/x%20y", "exec:///a/b%2fc?seal-file=/s",
	} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		target, err := Parse(raw, false)
		if err != nil {
			if e, ok := auth.AsError(err); !ok || e.Kind != auth.Usage {
				t.Errorf("%q: %v", raw, err)
			}
			return
		}
		stored := target.URL()
		if strings.ContainsAny(target.String()+stored+target.Rights(), "\r\x00\x1b") || strings.Contains(target.String(), "@") && !strings.Contains(target.Path, "@") {
			t.Errorf("%q is shown as %q and stored as %q", raw, target.String(), stored)
		}
		target.Password = auth.Secret{}
		if again, err := Parse(stored, true); err != nil || !reflect.DeepEqual(again, target) {
			t.Errorf("%q is stored as %q, which reads as %+v, not %+v: %v", raw, stored, again, target, err)
		}
	})
}
