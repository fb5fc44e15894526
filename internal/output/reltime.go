package output

import (
	"fmt"
	"time"
)

// RelTime is t as seen from now: "just now", "5 minutes ago", "in 3 days", and the date beyond a year. The zero
// time is "".
func RelTime(now, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	d := now.Sub(t)
	past := d >= 0
	if !past {
		d = -d
	}
	const day = 24 * time.Hour
	var n int
	var unit string
	switch {
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		n, unit = int(d/time.Minute), "minute"
	case d < day:
		n, unit = int(d/time.Hour), "hour"
	case d < 30*day:
		n, unit = int(d/day), "day"
	case d < 365*day:
		n, unit = int(d/(30*day)), "month"
	default:
		return t.Format(time.DateOnly)
	}
	if n != 1 {
		unit += "s"
	}
	if past {
		return fmt.Sprintf("%d %s ago", n, unit)
	}
	return fmt.Sprintf("in %d %s", n, unit)
}

// Time is t in RFC 3339 in UTC, "" for the zero time: the Raw form of a time column.
func Time(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
