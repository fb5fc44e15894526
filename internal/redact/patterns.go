package redact

import (
	"regexp"
	"strings"
)

// The shapes of keys and the places where they stand. Each is compiled at its first use, not at start-up.
const (
	// keyShape is a service token or an API key; what stands before it is no letter or digit, or is an escape.
	keyShape = `(^|[^0-9A-Za-z]|\\[nrt]|%[0-9A-Fa-f]{2})(sk|bt-st)-([0-9A-Za-z_\-]{8,})`
	// scheme is an Authorization value anywhere.
	scheme = `(?i)\b(bearer|basic)(\s+|%20|\+)([0-9a-z._~+/\-]{6,}=*)`
	// header is a header line or the way that Go prints a header map.
	header = `(?i)\b(authorization|proxy-authorization|x-api-key|api-key)([ \t]*[:=][ \t]*\[?)((?:bearer|basic|token|digest|apikey)[ \t]+)?([^\s"'\\\[\]][^\s"'\\\]]*)`
	// cookie is a header that is a secret up to its end.
	cookie = `(?im)^([<>* \t]*(?:set-)?cookie[ \t]*:[ \t]*)([^\r\n]+)`
	// assignment is a form field, a query parameter or an environment variable.
	assignment = `(?i)\b((?:[a-z0-9]+_)*(?:api_?key|access_?token|refresh_?token|token|secret|password))(=)([^\s&;"'\\\[\]]+)`
	// member is the name of a JSON member that holds a secret, up to where its value starts.
	member = `(?i)"(?:key|api[_-]?key|x-api-key|token|access_?token|refresh_?token|secret|client_?secret|password|authorization|cookie)(\\*)"\s*:\s*(?:\[\s*|\[\]string\{)?(\\*")`
)

type patterns struct {
	keyShape, scheme, header, cookie, assignment, member *regexp.Regexp
}

func compile() *patterns {
	return &patterns{
		keyShape: regexp.MustCompile(keyShape), scheme: regexp.MustCompile(scheme), header: regexp.MustCompile(header),
		cookie: regexp.MustCompile(cookie), assignment: regexp.MustCompile(assignment), member: regexp.MustCompile(member),
	}
}

// mask replaces everything that looks like a key or stands where one does. A pattern is tried only on text that
// has one of its words.
func (p *patterns) mask(text string) string {
	lower := strings.ToLower(text)
	has := func(word string) bool { return strings.Contains(lower, word) }
	if has(`"`) && has(":") {
		text = p.members(text)
	}
	if has("cookie") {
		text = p.cookie.ReplaceAllString(text, "${1}"+Mark)
	}
	if has("authorization") || has("api-key") {
		text = p.header.ReplaceAllStringFunc(text, p.headerValue)
	}
	if has("bearer") || has("basic") {
		text = p.scheme.ReplaceAllStringFunc(text, p.credentials)
	}
	if has("=") {
		text = p.assignment.ReplaceAllString(text, "${1}${2}"+Mark)
	}
	if has("sk-") || has("bt-st-") {
		text = p.keyShape.ReplaceAllStringFunc(text, p.key)
	}
	return text
}

// headerValue masks a match of header unless only Mark is left of it.
func (p *patterns) headerValue(match string) string {
	m := p.header.FindStringSubmatch(match)
	switch strings.ToLower(m[4]) {
	case strings.Trim(Mark, "[]"), "bearer", "basic", "token", "digest", "apikey":
		return match
	}
	return m[1] + m[2] + m[3] + Mark
}

// key masks a match of keyShape unless it is rather a name, such as sk-learn-models.
func (p *patterns) key(match string) string {
	m := p.keyShape.FindStringSubmatch(match)
	if m[2] == "sk" && len(m[3]) < 32 && (len(m[3]) < 12 || !strings.ContainsAny(m[3], "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
		return match
	}
	return m[1] + Mark
}

// credentials masks a match of scheme unless it is rather a word: "bearer authentication".
func (p *patterns) credentials(match string) string {
	m := p.scheme.FindStringSubmatch(match)
	if len(m[3]) < 24 && !strings.ContainsAny(m[3], "0123456789=_~+") && m[3] == strings.ToLower(m[3]) {
		return match
	}
	return m[1] + m[2] + Mark
}

// members masks the string values of secret JSON members, at any depth of JSON inside JSON strings. All quotes of
// a member have the same number of backslashes; otherwise they belong to different strings.
func (p *patterns) members(text string) string {
	var spans []span
	for _, m := range p.member.FindAllStringSubmatchIndex(text, -1) {
		slashes := m[5] - m[4] - 1
		before := len(text[:m[0]]) - len(strings.TrimRight(text[:m[0]], `\`))
		if before != slashes || m[3]-m[2] != slashes {
			continue
		}
		if end := endOfString(text, m[5], slashes); end > m[5] {
			spans = append(spans, span{m[5], end})
		}
	}
	return replaceSpans(text, spans)
}

// endOfString is where the JSON string that starts at from ends, whose opening quote has that many backslashes
// before it; a string that was cut off ends with its line.
func endOfString(text string, from, slashes int) int {
	run := 0
	for i := from; i < len(text); i++ {
		switch text[i] {
		case '\\':
			run++
			continue
		case '\n', '\r':
			return i
		case '"':
			if kept, ok := closing(run, slashes); ok {
				return i - kept
			}
		}
		run = 0
	}
	return len(text)
}

// closing judges a quote after run backslashes while a string is open that began with a quote after slashes of
// them: whether it ends that string or one around it, and how many of the backslashes belong to the quote. Every
// layer of JSON inside a JSON string doubles the backslashes and adds one for the quote.
func closing(run, slashes int) (kept int, ok bool) {
	for run%2 != 0 {
		if kept >= slashes {
			return 0, false
		}
		run /= 2
		kept = 2*kept + 1
	}
	return kept, true
}
