package cmd

import (
	"strings"
	"time"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/hauth"
)

// statusLines is what another program reads: a line each, tabs between account,
// state, remaining life, store, the last refresh and the endpoint.
func statusLines(rows []statusJSON) string {
	var b strings.Builder
	for _, row := range rows {
		fields := []string{row.Account, row.State, leftOf(row, false), storeOf(row), row.LastRefresh, row.Endpoint}
		if row.LastRefresh == "" {
			fields[4] = "-"
		}
		b.WriteString(strings.Join(fields, "\t") + "\n")
	}
	return b.String()
}

func storeOf(row statusJSON) string {
	if row.Source == string(hauth.SourceEnvironment) {
		return row.Store + " (environment)"
	}
	return row.Store
}

// statusTable lays the rows out in columns, for a terminal. An endpoint that
// is not the provider's own gets a line below.
func (a *app) statusTable(rows []statusJSON) string {
	p := a.painter(a.env.Stdout)
	width := widthOf(a.env.Stdout)
	bars := a.getenv("TERM") != "dumb"
	assumed := false
	table := [][]string{{"ACCOUNT", "STATE", "LEFT", "STORE", "REFRESHED"}}
	for _, row := range rows {
		refreshed := "-"
		if !row.token.IssuedAt.IsZero() {
			refreshed = roughDuration(max(0, a.env.Now().Sub(row.token.IssuedAt))) + " ago"
		}
		left := leftOf(row, bars)
		assumed = assumed || strings.Contains(left, assumedMark)
		table = append(table, []string{row.Account, row.State, left, storeOf(row), refreshed})
	}
	colours := map[string]string{stateValid: green, stateExpiring: yellow, stateThrottled: yellow, stateExpired: red, stateDenied: red}
	lines := layOut(table, width, func(line, column int, text string) string {
		state := strings.TrimSpace(text)
		switch {
		case line == 0:
			return p.faint(text)
		case column == 1 && colours[state] != "":
			return p.paint(colours[state], text)
		}
		return text
	})
	for i, row := range rows {
		if row.unusual {
			lines[i+1] += "\n" + p.faint(shorten("  endpoint "+row.Endpoint, width))
		}
	}
	if assumed {
		lines = append(lines, p.faint(assumedMark+" assumed: the vendor's document gives this life, its answer does not"))
	}
	return strings.Join(lines, "\n") + "\n"
}

// barCells is the length of the bar that shows how much of a life is left.
const barCells = 6

// leftOf is a token's remaining life as text, and as a bar for the eye.
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

// assumedMark stands before a life that the vendor's document speaks of, but
// its answer does not.
const assumedMark = "~"

func lifeText(left time.Duration, source auth.Source) string {
	if source == auth.SourceAssumed {
		return assumedMark + humanDuration(left)
	}
	return humanDuration(left)
}
