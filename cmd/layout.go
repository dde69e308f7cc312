package cmd

import (
	"io"
	"os"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/lipgloss/table"
	"github.com/muesli/termenv"
	"golang.org/x/term"
)

// painter lays out and colours text for one stream. Its colours are fixed:
// asking a terminal for its background can stall for seconds. Without colour
// it passes text through.
type painter struct{ r *lipgloss.Renderer }

func (a *app) painter(w io.Writer) painter {
	r := lipgloss.NewRenderer(w, termenv.WithTTY(false))
	r.SetHasDarkBackground(true)
	r.SetColorProfile(termenv.Ascii)
	if a.coloured(w) {
		r.SetColorProfile(termenv.ANSI)
	}
	return painter{r}
}

// coloured reports whether output to w is coloured, following no-color.org
// and the terminal type.
func (a *app) coloured(w io.Writer) bool {
	return !a.noColor && a.getenv("NO_COLOR") == "" && a.getenv("TERM") != "dumb" && isTerminal(w)
}

func (p painter) bold(text string) string  { return p.r.NewStyle().Bold(true).Render(text) }
func (p painter) faint(text string) string { return p.r.NewStyle().Faint(true).Render(text) }

func (p painter) paint(colour, text string) string {
	return p.r.NewStyle().Foreground(lipgloss.Color(colour)).Render(text)
}

// The ANSI colours, which every terminal theme makes readable.
const (
	red    = "1"
	green  = "2"
	yellow = "3"
)

// columnGap is the space between two columns of a table.
const columnGap = 2

// table lays rows out in columns, one line each, under a faint heading.
// Colour gives the colour of a cell; empty for none.
func (p painter) table(heading []string, rows [][]string, colour func(row, column int) string) []string {
	t := table.New().
		BorderTop(false).BorderBottom(false).BorderLeft(false).BorderRight(false).
		BorderHeader(false).BorderColumn(false).BorderRow(false).
		Headers(heading...).Rows(rows...).
		StyleFunc(func(row, column int) lipgloss.Style {
			style := p.r.NewStyle()
			if column < len(heading)-1 {
				style = style.PaddingRight(columnGap)
			}
			if row == table.HeaderRow {
				return style.Faint(true)
			}
			if c := colour(row, column); c != "" {
				style = style.Foreground(lipgloss.Color(c))
			}
			return style
		})
	lines := strings.Split(t.Render(), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	return lines
}

// tableWidth is the width of a table, in columns of the terminal.
func tableWidth(heading []string, rows [][]string) int {
	total := columnGap * (len(heading) - 1)
	for column, cell := range heading {
		width := lipgloss.Width(cell)
		for _, row := range rows {
			width = max(width, lipgloss.Width(row[column]))
		}
		total += width
	}
	return total
}

// widthOf is the maximum width of a stream's lines: the terminal's width, or
// 0 for no limit.
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
