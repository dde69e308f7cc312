package providers

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// maxEpoch is the end of the year 9999, in seconds.
const maxEpoch = 253402300799

// number reads a JSON number, quoted or not: 7200, "7200", 7200.0, 7.2e6.
// What is negative, no number or too large for a time is unreadable.
func number(text string, limit float64) (float64, bool) {
	text = strings.TrimSpace(text)
	if text == "" || strings.Trim(text, "0123456789.eE+-") != "" {
		return 0, false // ParseFloat takes hexadecimal, underscores, Inf and NaN
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || math.Signbit(f) || f > limit {
		return 0, false
	}
	return f, true
}

// relative reads a life in units.
func relative(text string, unit time.Duration) (time.Duration, bool) {
	n, ok := number(text, float64(math.MaxInt64/2)/float64(unit))
	return time.Duration(n * float64(unit)), ok
}

// pointInTime reads a time in units since 1970.
func pointInTime(text string, unit time.Duration, c clock) (time.Duration, bool) {
	perSecond := float64(time.Second / unit)
	n, ok := number(text, maxEpoch*perSecond)
	if !ok {
		return 0, false
	}
	seconds, fraction := math.Modf(n / perSecond)
	return c.until(time.Unix(int64(seconds), int64(fraction*float64(time.Second)))), true
}

// dated reads RFC 3339, fractions of seconds, lower-case t and z (section
// 5.6) and +0800 included.
func dated(text string, c clock) (time.Duration, bool) {
	text = strings.ToUpper(strings.TrimSpace(text))
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05Z0700"} {
		if t, err := time.Parse(layout, text); err == nil {
			return c.until(t), true
		}
	}
	return 0, false
}

// datetime reads a date and time without an offset, in a zone; one that has an
// offset of its own is read by that.
func datetime(text, zone string, c clock) (time.Duration, bool) {
	if length, ok := dated(text, c); ok {
		return length, true
	}
	location, ok := parseZone(zone)
	if !ok {
		return 0, false
	}
	text = strings.TrimSpace(text)
	for _, layout := range []string{"2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006/01/02 15:04:05", "20060102150405"} {
		if t, err := time.ParseInLocation(layout, text, location); err == nil {
			return c.until(t), true
		}
	}
	return 0, false
}

// parseZone reads Z, UTC or an offset such as +08:00. Names of regions would
// need a database that not every machine has.
func parseZone(zone string) (*time.Location, bool) {
	if zone == "Z" || zone == "UTC" {
		return time.UTC, true
	}
	t, err := time.Parse("-07:00", zone)
	if err != nil {
		return nil, false
	}
	_, offset := t.Zone()
	return time.FixedZone(zone, offset), true
}
