package cmd

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/lipgloss"
	"golang.org/x/term"
)

// layOut pads columns to one width, by what a terminal shows of each
// character, then lets paint colour each cell. The lines get no longer than
// width, unless that is 0: the widest column gives way.
func layOut(table [][]string, width int, paint func(line, column int, text string) string) []string {
	widths := columnWidths(table, width)
	var lines []string
	for line, row := range table {
		var b strings.Builder
		for i, cell := range row {
			cell = shorten(cell, widths[i])
			if i < len(row)-1 {
				cell += strings.Repeat(" ", widths[i]-lipgloss.Width(cell)+columnGap)
			}
			b.WriteString(paint(line, i, cell))
		}
		lines = append(lines, strings.TrimRight(b.String(), " "))
	}
	return lines
}

const (
	columnGap = 2
	columnMin = 8 // no column gives way further
)

func columnWidths(table [][]string, width int) []int {
	var widths []int
	for _, row := range table {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], lipgloss.Width(cell))
		}
	}
	total := columnGap * (len(widths) - 1)
	for _, w := range widths {
		total += w
	}
	for ; width > 0 && total > width; total-- {
		widest := slices.Index(widths, slices.Max(widths))
		if widths[widest] <= columnMin {
			break
		}
		widths[widest]--
	}
	return widths
}

// shorten cuts text in the middle, where names differ least, so that it takes
// no more than width columns.
func shorten(text string, width int) string {
	if lipgloss.Width(text) <= width {
		return text
	}
	runes := []rune(text)
	head, tail, left := 0, len(runes), width-1
	for turn := 0; ; turn++ {
		next := head
		if turn%2 == 1 {
			next = tail - 1
		}
		if left -= lipgloss.Width(string(runes[next])); left < 0 {
			return string(runes[:head]) + "…" + string(runes[tail:])
		}
		if turn%2 == 1 {
			tail--
		} else {
			head++
		}
	}
}

// widthOf is how many columns a stream's lines may take: a terminal's width,
// or 0 for any number.
func widthOf(w io.Writer) int {
	f, ok := w.(*os.File)
	if !ok || !isTerminal(w) {
		return 0
	}
	if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
		return width
	}
	return 80
}

// wrap breaks text between words into lines of at most width columns, of
// which the first indent are taken: on the first line by something else.
func wrap(text string, width, indent int) string {
	var b strings.Builder
	column := indent
	for i, word := range strings.Fields(text) {
		switch w := lipgloss.Width(word); {
		case i == 0:
			column += w
		case column+1+w > width:
			b.WriteString("\n" + strings.Repeat(" ", indent))
			column = indent + w
		default:
			b.WriteByte(' ')
			column += 1 + w
		}
		b.WriteString(word)
	}
	return b.String()
}

// humanDuration shows the two greatest units, rounded: "29d 4h", "1h 58m",
// "3m 20s", "42s".
func humanDuration(d time.Duration) string {
	if d >= time.Hour {
		d = d.Round(time.Minute) // before the unit is chosen: 23h 59m 59s is a day
	}
	switch {
	case d.Round(time.Minute) >= 24*time.Hour:
		h := int64(d.Round(time.Hour).Hours())
		return fmt.Sprintf("%dd %dh", h/24, h%24)
	case d.Round(time.Second) >= time.Hour:
		m := int64(d.Round(time.Minute).Minutes())
		return fmt.Sprintf("%dh %dm", m/60, m%60)
	case d.Round(time.Second) >= time.Minute:
		s := int64(d.Round(time.Second).Seconds())
		return fmt.Sprintf("%dm %ds", s/60, s%60)
	}
	return fmt.Sprintf("%ds", int64(d.Round(time.Second).Seconds()))
}

// roughDuration shows the greatest unit alone, rounded down: "29d", "1h".
func roughDuration(d time.Duration) string {
	text, _, _ := strings.Cut(humanDuration(d.Truncate(unitOf(d))), " ")
	return text
}

func unitOf(d time.Duration) time.Duration {
	for _, unit := range []time.Duration{24 * time.Hour, time.Hour, time.Minute} {
		if d >= unit {
			return unit
		}
	}
	return time.Second
}
