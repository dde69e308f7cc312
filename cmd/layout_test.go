package cmd

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/lipgloss"
)

func plain(_, _ int, text string) string { return text }

func TestShorten(t *testing.T) {
	for _, c := range []struct {
		text  string
		width int
		want  string
	}{
		{"123pan/work", 11, "123pan/work"},
		{"123pan/work", 10, "123pa…work"},
		{"123pan/work", 3, "1…k"},
		{"123pan/work", 1, "…"},
		{"", 0, ""},
		{"账户名称很长", 12, "账户名称很长"},
		{"账户名称很长", 9, "账户…很长"},
		{"账户名称很长", 8, "账户…长"},
		{"账户", 2, "…"},
	} {
		if have := shorten(c.text, c.width); have != c.want {
			t.Errorf("shorten(%q, %d) is %q, not %q", c.text, c.width, have, c.want)
		}
	}
}

// TestLayOut wants columns to begin at one place in every line, whatever the
// characters' width, and lines to fit where they can.
func TestLayOut(t *testing.T) {
	letters := []rune("az09-/…账号あ한é")
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		columns := 2 + random.IntN(4)
		var table [][]string
		for range 1 + random.IntN(6) {
			row := make([]string, columns)
			for i := range row {
				for range 1 + random.IntN(60) {
					row[i] += string(letters[random.IntN(len(letters))])
				}
			}
			row[columns-1] = "|" + row[columns-1]
			table = append(table, row)
		}
		width := random.IntN(3) * (40 + random.IntN(160))
		begins := -1
		for _, line := range layOut(table, width, plain) {
			before, _, found := strings.Cut(line, "|")
			if at := lipgloss.Width(before); !found || begins >= 0 && at != begins {
				t.Fatalf("the last column begins at %d, then at %d:\n%s", begins, at, line)
			} else {
				begins = at
			}
			if most := max(width, columns*(columnMin+columnGap)); width > 0 && lipgloss.Width(line) > most {
				t.Fatalf("a line of %d columns, not %d:\n%s", lipgloss.Width(line), most, line)
			}
		}
	}
}

func TestLayOutKeepsWhatFits(t *testing.T) {
	table := [][]string{{"123pan", "valid"}, {strings.Repeat("a", 48), "none"}}
	if have := layOut(table, 30, plain); have[0] != "123pan"+strings.Repeat(" ", 19)+"valid" || lipgloss.Width(have[1]) != 29 {
		t.Errorf("%q", have)
	}
	if have := layOut(table, 0, plain); !strings.HasPrefix(have[1], table[1][0]) {
		t.Errorf("without a width %q is cut", have[1])
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		text          string
		width, indent int
		want          string
	}{
		{"one two three", 80, 4, "one two three"},
		{"one two three", 11, 4, "one two\n    three"},
		{"one two three", 6, 4, "one\n    two\n    three"},
		{"https://example.com/long x", 10, 2, "https://example.com/long\n  x"},
		{"账户 名称", 8, 2, "账户\n  名称"},
		{"", 8, 2, ""},
	} {
		if have := wrap(c.text, c.width, c.indent); have != c.want {
			t.Errorf("wrap(%q, %d, %d) is %q, not %q", c.text, c.width, c.indent, have, c.want)
		}
	}
}

func TestDurations(t *testing.T) {
	for _, c := range []struct {
		d            time.Duration
		human, rough string
	}{
		{0, "0s", "0s"},
		{42 * time.Second, "42s", "42s"},
		{3*time.Minute + 20*time.Second, "3m 20s", "3m"},
		{59*time.Minute + 59*time.Second + 900*time.Millisecond, "1h 0m", "59m"},
		{118 * time.Minute, "1h 58m", "1h"},
		{700 * time.Hour, "29d 4h", "29d"},
	} {
		if human, rough := humanDuration(c.d), roughDuration(c.d); human != c.human || rough != c.rough {
			t.Errorf("%v is %q and %q, not %q and %q", c.d, human, rough, c.human, c.rough)
		}
	}
}
