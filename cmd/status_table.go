package cmd

import (
	"fmt"
	"strings"
	"time"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/hauth"
)

// statusLines prints one line for each account, for other programs to read,
// with tabs between account, state, remaining life, store, last refresh and
// endpoint.
func statusLines(rows []statusJSON) string {
	var b strings.Builder
	for _, row := range rows {
		fields := []string{row.Account, row.State, leftOf(row, false), storeOf(row), row.LastRefresh, auth.Printable(row.Endpoint)}
		if row.LastRefresh == "" {
			fields[4] = "-"
		}
		b.WriteString(strings.Join(fields, "\t") + "\n")
	}
	return b.String()
}

func storeOf(row statusJSON) string {
	switch hauth.Source(row.Source) {
	case hauth.SourceEnvironment, hauth.SourceInherited:
		return row.Store + " (" + row.Source + ")"
	}
	return row.Store
}

// statusTable lays the rows out in columns, for a terminal, with a last line
// that counts the accounts by state. An endpoint that is not the provider's own
// gets a line below.
func (a *app) statusTable(rows []statusJSON) string {
	p := a.painter(a.env.Stdout)
	heading, cells := a.statusCells(rows, widthOf(a.env.Stdout))
	colours := map[string]string{stateValid: green, stateExpiring: yellow, stateThrottled: yellow, stateExpired: red, stateDenied: red}
	lines := p.table(heading, cells, func(row, column int) string {
		if column == 1 {
			return colours[rows[row].State]
		}
		return ""
	})
	assumed := false
	for i, row := range rows {
		if row.unusual {
			lines[i+1] += "\n" + p.faint("  endpoint "+auth.Printable(row.Endpoint))
		}
		assumed = assumed || row.ExpirySource == auth.SourceAssumed
	}
	lines = append(lines, p.faint(countStates(rows)))
	if assumed {
		lines = append(lines, p.faint(assumedMark+" assumed: the vendor documents this life, but its response does not state it"))
	}
	return a.inLocale(strings.Join(lines, "\n") + "\n")
}

// statusCells are the columns that fit a terminal of that width (0: any): a
// narrow one loses the bar first, then the time of the last refresh, then the
// store. Account, state and life always stay.
func (a *app) statusCells(rows []statusJSON, width int) (heading []string, cells [][]string) {
	bar := a.getenv("TERM") != "dumb"
	for dropped := 0; ; {
		heading = []string{"ACCOUNT", "STATE", "LEFT", "STORE", "REFRESHED"}[:5-dropped]
		cells = nil
		for _, row := range rows {
			refreshed := "-"
			if !row.token.IssuedAt.IsZero() {
				refreshed = roughDuration(max(0, a.env.Now().Sub(row.token.IssuedAt))) + " ago"
			}
			cells = append(cells, []string{row.Account, row.State, leftOf(row, bar), storeOf(row), refreshed}[:5-dropped])
		}
		switch {
		case width == 0 || tableWidth(heading, cells) <= width:
			return heading, cells
		case bar:
			bar = false
		case dropped < 2:
			dropped++
		default:
			return heading, cells
		}
	}
}

// countStates is the last line of a table: how many accounts are in each state.
func countStates(rows []statusJSON) string {
	counts := map[string]int{}
	for _, row := range rows {
		counts[row.State]++
	}
	var parts []string
	for _, state := range states {
		if counts[state] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", counts[state], stateWords(state)))
		}
	}
	return plural(len(rows), "account") + ": " + strings.Join(parts, ", ")
}

func stateWords(state string) string {
	if state == stateNone {
		return "without a token"
	}
	return state
}

// barCells is the length of the bar that shows how much of a life is left.
const barCells = 6

// leftOf is a token's remaining life as text and as a bar.
func leftOf(row statusJSON, bar bool) string {
	if row.ExpiresIn == nil || *row.ExpiresIn == 0 {
		return "-"
	}
	left := time.Duration(*row.ExpiresIn) * time.Second
	text := lifeText(left, row.ExpirySource)
	if !bar {
		return text
	}
	full := 0
	if life := row.token.Life(); life > 0 {
		full = min(barCells, int((left*barCells+life-1)/life))
	}
	return strings.Repeat("▰", full) + strings.Repeat("▱", barCells-full) + " " + text
}

// assumedMark precedes a life that the vendor documents but does not state
// in its response.
const assumedMark = "~"

func lifeText(left time.Duration, source auth.Source) string {
	if source == auth.SourceAssumed {
		return assumedMark + humanDuration(left)
	}
	return humanDuration(left)
}
