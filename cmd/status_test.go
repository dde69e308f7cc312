package cmd

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/lipgloss"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/hauth"
)

func statusApp(environ ...string) *app {
	return newApp(context.Background(), Env{Environ: environ, Stdout: io.Discard, Stderr: io.Discard, Now: func() time.Time { return statusNow }})
}

var statusNow = time.Date(2028, 2, 29, 0, 0, 0, 0, time.UTC)

func statusRow(account string, left time.Duration) statusJSON {
	seconds := int64(left.Seconds())
	return statusJSON{
		Account: account, State: stateValid, Store: "keyring", Source: string(hauth.SourceStored), ExpiresIn: &seconds, ExpirySource: auth.SourceField,
		token: auth.Token{IssuedAt: statusNow.Add(-time.Hour), ExpiresAt: statusNow.Add(left)},
	}
}

// TestStatusOnNarrowTerminals: the bar goes first, then the time of the last
// refresh, then the store; account and life are never cut, and no line is
// longer than the terminal while anything can go.
func TestStatusOnNarrowTerminals(t *testing.T) {
	a := statusApp("TERM=xterm", "LANG=C.UTF-8")
	name := strings.Repeat("a", 30) + "/p1"
	rows := []statusJSON{statusRow(name, 2*time.Hour), statusRow("b", time.Minute)}
	var seen [][]string
	for width := 200; width > 0; width-- {
		heading, cells := a.statusCells(rows, width)
		if cells[0][0] != name || !strings.HasSuffix(cells[0][2], "2h 0m") {
			t.Fatalf("%d columns: %q", width, cells[0])
		}
		if got := tableWidth(heading, cells); got > width && len(heading) > 3 {
			t.Fatalf("%d columns, and the table takes %d: %q", width, got, heading)
		}
		shape := append(slices.Clone(heading), fmt.Sprint(strings.Contains(cells[0][2], "▰")))
		if len(seen) == 0 || !slices.Equal(seen[len(seen)-1], shape) {
			seen = append(seen, shape)
		}
	}
	want := [][]string{
		{"ACCOUNT", "STATE", "LEFT", "STORE", "REFRESHED", "true"},
		{"ACCOUNT", "STATE", "LEFT", "STORE", "REFRESHED", "false"},
		{"ACCOUNT", "STATE", "LEFT", "STORE", "false"},
		{"ACCOUNT", "STATE", "LEFT", "false"},
	}
	if !slices.EqualFunc(seen, want, slices.Equal) {
		t.Errorf("the tables were %q", seen)
	}
}

// TestTableAligns: columns begin at the same place in every line, whatever
// the characters' width.
func TestTableAligns(t *testing.T) {
	letters := []rune("az09-/…账号あ한é")
	random := rand.New(rand.NewPCG(1, 2))
	p := statusApp().painter(io.Discard)
	for range 500 {
		columns := 2 + random.IntN(4)
		var rows [][]string
		for range 1 + random.IntN(6) {
			row := make([]string, columns)
			for i := range row {
				for range 1 + random.IntN(60) {
					row[i] += string(letters[random.IntN(len(letters))])
				}
			}
			row[columns-1] = "|" + row[columns-1]
			rows = append(rows, row)
		}
		heading := slices.Repeat([]string{"H"}, columns)
		begins := -1
		for _, line := range p.table(heading, rows, func(int, int) string { return "" })[1:] {
			before, _, found := strings.Cut(line, "|")
			if at := lipgloss.Width(before); !found || begins >= 0 && at != begins {
				t.Fatalf("the last column begins at %d, then at %d:\n%s", begins, at, line)
			} else {
				begins = at
			}
			if got := lipgloss.Width(line); got > tableWidth(heading, rows) {
				t.Fatalf("a line of %d columns in a table of %d:\n%s", got, tableWidth(heading, rows), line)
			}
		}
	}
}

func TestCountStates(t *testing.T) {
	rows := []statusJSON{{State: stateNone}, {State: stateValid}, {State: stateValid}, {State: stateDenied}}
	if got, want := countStates(rows), "4 accounts: 2 valid, 1 denied, 1 without a token"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := countStates(rows[1:2]); got != "1 account: 1 valid" {
		t.Errorf("%q", got)
	}
}

func TestNaturalOrder(t *testing.T) {
	want := []string{"123pan", "123pan/p1", "123pan/p2", "123pan/p10", "123pan/p10a", "123pan/p100", "hitem3d", "hitem3d/a", "hitem3d/a-1", "hitem3d/a0", "hitem3d/a00"}
	got := slices.Clone(want)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(got), func(i, j int) { got[i], got[j] = got[j], got[i] })
	slices.SortFunc(got, naturalOrder)
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestLocale: a locale that is not UTF-8 gets ASCII.
func TestLocale(t *testing.T) {
	for environ, utf8 := range map[string]bool{
		"LC_ALL=C": false, "LC_ALL=POSIX": false, "LANG=C.UTF-8": true, "LANG=en_US.utf8": true, "LC_CTYPE=de_DE": false, "X=y": false,
	} {
		a := statusApp("TERM=xterm", environ)
		if environ == "X=y" && a.utf8Locale() {
			continue // macOS and Windows need no variable
		}
		text := a.inLocale("▰▱ waiting …")
		if ascii := text == "#- waiting ..."; ascii == utf8 {
			t.Errorf("%s: %q", environ, text)
		}
	}
}
