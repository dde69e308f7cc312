package text

import "testing"

// A path of Windows is typed as it is; what cmd or PowerShell would take for
// something else is in the one kind of quotes that both know.
func TestWindowsWords(t *testing.T) {
	for path, want := range map[string]string{
		`C:\Users\a\hauth\own.yaml`:      `C:\Users\a\hauth\own.yaml`,
		`C:\Users\A B\own.yaml`:          `"C:\Users\A B\own.yaml"`,
		`C:\x\123pan@default.json`:       `"C:\x\123pan@default.json"`,
		`C:\a&b\(c)`:                     `"C:\a&b\(c)"`,
		`\\server\share`:                 `\\server\share`,
		`it's`:                           `"it's"`,
		"":                               `""`,
		"https://api.example.com:1/base": "https://api.example.com:1/base",
	} {
		if got := word(path, true); got != want {
			t.Errorf("%q: %s, not %s", path, got, want)
		}
	}
}
