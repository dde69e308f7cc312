package cmd

import (
	"fmt"
	"strings"
	"time"
)

// humanDuration shows the two largest units, rounded: "29d 4h", "1h 58m",
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

// roughDuration shows only the largest unit, rounded down: "29d", "1h".
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
