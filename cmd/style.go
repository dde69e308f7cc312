package cmd

import (
	"io"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
)

// painter colours text for one stream. Its colours are fixed: asking a
// terminal for its background can stall for seconds. Without colour it hands
// text through.
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

// coloured reports whether w wants colour, as no-color.org and the terminal
// type have it.
func (a *app) coloured(w io.Writer) bool {
	return !a.noColor && a.getenv("NO_COLOR") == "" && a.getenv("TERM") != "dumb" && isTerminal(w)
}

func (p painter) paint(colour, text string) string {
	return p.r.NewStyle().Foreground(lipgloss.Color(colour)).Render(text)
}

func (p painter) bold(text string) string { return p.r.NewStyle().Bold(true).Render(text) }
func (p painter) faint(text string) string {
	return p.r.NewStyle().Faint(true).Render(text)
}

// The ANSI colours, which every terminal theme has chosen to be readable.
const (
	red    = "1"
	green  = "2"
	yellow = "3"
	cyan   = "6"
)
