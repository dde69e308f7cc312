package cmd

import "testing"

func TestGithubFile(t *testing.T) {
	got, err := githubFile([][2]string{{"A", "x"}, {"B", "y"}}, "D")
	if want := "A<<hauth_D\nx\nhauth_D\nB<<hauth_D\ny\nhauth_D\n"; err != nil || got != want {
		t.Errorf("got %q and %v, want %q", got, err, want)
	}
	for _, pair := range [][2]string{{"A", "x\nhauth_D\nPATH=/evil"}, {"hauth_D", "x"}} {
		if _, err := githubFile([][2]string{pair}, "D"); err == nil {
			t.Errorf("%q was accepted with its own delimiter", pair)
		}
	}
}

func TestRunnerEscapes(t *testing.T) {
	if got := githubEscape("a%b\r\nc"); got != "a%25b%0D%0Ac" {
		t.Errorf("github: %q", got)
	}
	if got := azureEscape("a%b\r\nc"); got != "a%AZP25b%0D%0Ac" {
		t.Errorf("azure: %q", got)
	}
}

func TestOutputNames(t *testing.T) {
	for name, want := range map[string]bool{"token": true, "a-b_1": true, "": false, "-a": false, "1a": false, "a b": false, "a\nb": false, "a=b": false} {
		if validOutputName(name) != want {
			t.Errorf("%q: %v", name, !want)
		}
	}
}
