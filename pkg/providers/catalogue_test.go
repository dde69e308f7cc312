package providers

import (
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/hauth/hauth/pkg/auth"
)

func write(t *testing.T, dir, name, src string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(src), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func named(name string) string { return strings.Replace(goodSpec, "name: example", "name: "+name, 1) }

func TestFindBuiltIn(t *testing.T) {
	c := Catalogue{Dir: filepath.Join(t.TempDir(), "absent")}
	for _, name := range c.Names() {
		p, err := c.Find(name)
		if err != nil {
			t.Fatal(err)
		}
		if !p.BuiltIn || p.SHA256 != "" || p.Path != "" || p.Name != name || !c.IsBuiltIn(name) || len(p.File()) == 0 {
			t.Errorf("%+v", p)
		}
		if c.IsReserved(name) && p.TokenType() != "Bearer" {
			t.Errorf("%s: type %q", name, p.TokenType())
		}
	}
	if (find(t, "wahool").Unverified == "") || (find(t, "wahool-authorization").Unverified != "") {
		t.Error("wahool's pair of host and path is the unverified one")
	}
}

// TestFindReadsNoFiles: a token that is stored already pays for the Spec, not
// for the files of all vendors.
func TestFindReadsNoFiles(t *testing.T) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	find(t, "feishu")
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 32<<10 {
		t.Errorf("%d bytes", used)
	}
}

func TestFindUsersOwn(t *testing.T) {
	dir := t.TempDir()
	path := write(t, dir, "example.yaml", goodSpec)
	write(t, dir, "broken.yaml", named("broken")+"colour: red\nsize: 3\n")
	write(t, dir, "wahool.yaml", named("wahool"))
	write(t, dir, "notes.txt", "x")
	write(t, dir, "Odd Name.yaml", "x")
	write(t, dir, "liar.yaml", named("other"))
	c := Catalogue{Dir: dir}
	want := append(builtinNames(), "broken", "example", "liar")
	if have := c.Names(); !reflect.DeepEqual(have, want) {
		t.Errorf("%q", have)
	}
	p, err := c.Find("example")
	if err != nil {
		t.Fatal(err)
	}
	if p.BuiltIn || p.Path != path || len(p.SHA256) != 64 || !p.Accepts(p.SHA256) || !p.Accepts(auth.NewSecret(goodSpec).SHA256()) || p.Accepts("") || string(p.File()) != goodSpec {
		t.Errorf("%+v", p)
	}
	if p, err := c.Find("wahool"); err != nil || !p.BuiltIn {
		t.Error("a file took a built-in's name", err)
	}
	_, err = c.Find("broken")
	if e, ok := auth.AsError(err); !ok || e.Kind != auth.Usage || !strings.HasPrefix(e.Error(), filepath.Join(dir, "broken.yaml")+`:22: unknown field "colour"`) ||
		strings.Contains(e.Error(), "\n") || e.Remedy != auth.RemedyCheckFile || e.Subject != filepath.Join(dir, "broken.yaml") {
		t.Error(err)
	}
	if _, err := c.Find("liar"); !auth.Is(err, auth.Usage) || !strings.Contains(err.Error(), "must be named other.yaml") {
		t.Error(err)
	}
	_, err = c.Find("exampel")
	if e, ok := auth.AsError(err); !ok || e.Kind != auth.NotFound || e.Remedy != auth.RemedyNearest || !slices.Equal(e.Near, []string{"example"}) {
		t.Error(err)
	}
	for _, name := range []string{"../example", "", "Example", "a/b"} {
		if _, err := c.Find(name); !auth.Is(err, auth.Usage) {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestCheck(t *testing.T) {
	dir, elsewhere := t.TempDir(), t.TempDir()
	c := Catalogue{Dir: dir}
	if _, err := c.Check(write(t, elsewhere, "any-name.yaml", goodSpec)); err != nil {
		t.Error(err)
	}
	builtIn := write(t, elsewhere, "123pan.yaml", string(find(t, "123pan").File()))
	if _, err := c.Check(builtIn); !auth.Is(err, auth.Usage) || !strings.Contains(err.Error(), builtIn+":6: 123pan is a built-in provider") {
		t.Error(err)
	}
	path := write(t, dir, "broken.yaml", named("broken")+"colour: red\nsize: 3\n")
	if _, err := c.Check(path); !auth.Is(err, auth.Usage) || err.Error() != path+":22: unknown field \"colour\" (did you mean \"codes\"?)\n"+path+":23: unknown field \"size\"" {
		if !strings.Contains(err.Error(), path+":22: ") || !strings.Contains(err.Error(), "\n"+path+":23: ") {
			t.Error(err)
		}
	}
	for _, path := range []string{filepath.Join(dir, "absent.yaml"), dir} {
		if _, err := c.Check(path); !auth.Is(err, auth.Usage) || !strings.HasPrefix(err.Error(), path+": ") {
			t.Error(err) // without a line: there is none to look at
		}
	}
}

// TestEnvironmentNamesThatMeet: foo's bar_id and foo-bar's id are one variable.
func TestEnvironmentNamesThatMeet(t *testing.T) {
	spec := func(name, id string) string { return strings.ReplaceAll(named(name), "app_id", id) }
	dir := t.TempDir()
	c := Catalogue{Dir: dir}
	write(t, dir, "foo.yaml", spec("foo", "bar_id"))
	if _, err := c.Find("foo"); err != nil {
		t.Fatal(err)
	}
	for name, src := range map[string]string{
		"foo-bar":     spec("foo-bar", "id"),
		"foo-bar-id":  spec("foo-bar-id", "x"), // HAUTH_FOO_BAR_ID_FILE would be its variable "file"
		"123pan-more": spec("123pan-more", "x"),
	} {
		write(t, dir, name+".yaml", src)
		_, err := c.Find(name)
		if meets := name == "foo-bar"; meets != (err != nil) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := c.Find("foo"); err == nil || !strings.Contains(err.Error(), "HAUTH_FOO_BAR_ID belongs to provider foo-bar as well") {
		t.Error(err)
	}
	path := write(t, t.TempDir(), "x.yaml", spec("123pan-client", "id"))
	if _, err := c.Check(path); err == nil || !strings.Contains(err.Error(), "HAUTH_123PAN_CLIENT_ID belongs to provider 123pan as well") {
		t.Error(err)
	}
	path = write(t, t.TempDir(), "x.yaml", spec("foo-bar-id", "file"))
	if _, err := c.Check(path); err == nil || !strings.Contains(err.Error(), "HAUTH_FOO_BAR_ID_FILE belongs to provider foo") {
		t.Error(err)
	}
}
