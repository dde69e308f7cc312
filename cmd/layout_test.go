package cmd

import (
	"testing"
	"time"
)

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
