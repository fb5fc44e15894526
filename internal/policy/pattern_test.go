package policy_test

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"btadmin/internal/policy"
)

// A pattern matches what the regular expression with the same meaning matches.
func TestPatternIsARegularExpression(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		written := rapid.StringOfN(rapid.SampledFrom([]rune(`ab*?\ü`)), 1, 8, -1).Draw(t, "pattern")
		name := rapid.StringOfN(rapid.SampledFrom([]rune(`ab*?\ü`)), 0, 8, -1).Draw(t, "name")
		var expression strings.Builder
		escaped, several := false, false
		for _, r := range written {
			switch {
			case escaped, r != '\\' && r != '*' && r != '?':
				expression.WriteString(regexp.QuoteMeta(string(r)))
				escaped = false
			case r == '\\':
				escaped = true
			case r == '*':
				expression.WriteString(".*")
				several = true
			default:
				expression.WriteString(".")
				several = true
			}
		}
		p, err := policy.ParsePattern(written)
		if (err != nil) != escaped {
			t.Fatalf("%q: %v", written, err)
		}
		if err != nil {
			return
		}
		if got, want := p.Match(name), regexp.MustCompile("^(?s:"+expression.String()+")$").MatchString(name); got != want {
			t.Errorf("%q on %q: %v", written, name, got)
		}
		if only, one := p.Name(); one == several || one && !p.Match(only) {
			t.Errorf("%q has the name %q, %v", written, only, one)
		}
		literal, err := policy.ParsePattern(policy.Literal(name))
		if only, one := literal.Name(); name != "" && (err != nil || !one || only != name || !literal.Match(name)) {
			t.Errorf("%q: %v", name, err)
		}
	})
}
