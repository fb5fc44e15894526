package syntax

import (
	"slices"
	"strings"
)

// Class is what a plain scalar is.
type Class int

// The classes of plain scalars: those of the core schema of YAML 1.2, and the words that YAML 1.1 takes for a
// Boolean (the Norway problem), which are text in 1.2 and not to be relied on.
const (
	Str Class = iota
	Null
	Boolean
	Integer
	Float
	OldBoolean
)

// String names the class in messages.
func (c Class) String() string {
	switch c {
	case Null:
		return "nothing"
	case Boolean:
		return "true or false"
	case Integer, Float:
		return "a number"
	case OldBoolean:
		return "true or false to some readers of YAML"
	}
	return "text"
}

// ClassOf says what a plain scalar is. Dates, 1_000 and 12:30 are text; 010 is a number.
func ClassOf(plain string) Class {
	switch {
	case slices.Contains([]string{"", "~", "null", "Null", "NULL"}, plain):
		return Null
	case slices.Contains([]string{"true", "True", "TRUE", "false", "False", "FALSE"}, plain):
		return Boolean
	case slices.Contains([]string{"y", "n", "yes", "no", "on", "off"}, strings.ToLower(plain)):
		return OldBoolean
	case integer(plain):
		return Integer
	case float(plain):
		return Float
	}
	return Str
}

func integer(s string) bool {
	switch {
	case strings.HasPrefix(s, "0o"):
		return digits(s[2:], "01234567")
	case strings.HasPrefix(s, "0x"):
		return digits(s[2:], "0123456789abcdefABCDEF")
	}
	return digits(unsigned(s), decimal)
}

const decimal = "0123456789"

func float(s string) bool {
	switch s = unsigned(s); s {
	case ".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN":
		return true
	}
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		if !digits(unsigned(s[i+1:]), decimal) {
			return false
		}
		s = s[:i]
	}
	whole, fraction, point := strings.Cut(s, ".")
	if whole == "" {
		return point && digits(fraction, decimal)
	}
	return digits(whole, decimal) && (fraction == "" || digits(fraction, decimal))
}

func unsigned(s string) string {
	if s != "" && (s[0] == '-' || s[0] == '+') {
		return s[1:]
	}
	return s
}

func digits(s, of string) bool { return s != "" && strings.Trim(s, of) == "" }
