package hauth

import (
	"slices"
	"testing"
)

func TestSplitEntry(t *testing.T) {
	for _, tt := range []struct {
		entry       string
		windows     bool
		name, value string
	}{
		{"A=b=c", false, "A", "b=c"},
		{"Path=x", false, "Path", "x"},
		{"=C:=x", false, "", ""},
		{"A", false, "", ""},
		{"", false, "", ""},
		{"A=", false, "A", ""},
		{"Path=C:\\x", true, "PATH", "C:\\x"},
		{"Hauth_123pan_Client_Secret=s", true, "HAUTH_123PAN_CLIENT_SECRET", "s"},
		{"=C:=C:\\x", true, "=C:", "C:\\x"},
		{"ſ=x", true, "S", "x"},
		{"=", true, "", ""},
		{"==x", true, "", ""},
		{"A", true, "", ""},
		{"", true, "", ""},
	} {
		if name, value := splitEntry(tt.entry, tt.windows); name != tt.name || value != tt.value {
			t.Errorf("%q, Windows %v: %q and %q, want %q and %q", tt.entry, tt.windows, name, value, tt.name, tt.value)
		}
	}
}

func TestEnviron(t *testing.T) {
	block := func() Environ { return Environ{"A=1", "Path=x", "PATH=y", "A=2", "=", "n", "path=z"} }
	want := map[bool]struct {
		path string
		once []string
		set  []string
		gone []string
	}{
		false: {"y", []string{"A=1", "Path=x", "PATH=y", "path=z"}, []string{"A=1", "Path=x", "PATH=new", "path=z"}, []string{"Path=x", "path=z"}},
		true:  {"x", []string{"A=1", "Path=x"}, []string{"A=1", "PATH=new"}, nil},
	}[foldNames]
	if got := block().Get("PATH"); got != want.path {
		t.Errorf("Get: %q, want %q", got, want.path)
	}
	if _, set := block().Lookup("PAT"); set {
		t.Error("Lookup finds the beginning of a name")
	}
	if got := block().Once(); !slices.Equal(got, want.once) {
		t.Errorf("Once: %q, want %q", got, want.once)
	}
	if got := block().Once().Set("PATH", "new"); !slices.Equal(got, want.set) {
		t.Errorf("Set: %q, want %q", got, want.set)
	}
	if got := block().Once().Unset("PATH", "A"); !slices.Equal(got, want.gone) {
		t.Errorf("Unset: %q, want %q", got, want.gone)
	}
	if got := (Environ{"A=1"}).Set("B", "2"); !slices.Equal(got, []string{"A=1", "B=2"}) {
		t.Errorf("Set adds: %q", got)
	}
}

// On Windows HAUTH_ variables are found in upper and lower case.
func TestWithPrefix(t *testing.T) {
	var got []string
	for rest, value := range (Environ{"HAUTH_A_X=1", "hauth_a_y=2", "HAUTH_A_z=3", "HAUTH_A", "HAUTH_B_X=4"}).withPrefix("HAUTH_A_") {
		got = append(got, rest+"="+value)
	}
	want := []string{"X=1", "z=3"}
	if foldNames {
		want = []string{"X=1", "Y=2", "Z=3"}
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
