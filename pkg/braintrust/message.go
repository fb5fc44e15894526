package braintrust

import (
	"bytes"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

const (
	maxMessage   = 600 // bytes
	maxRequestID = 128
	maxNesting   = 5
)

// requestID finds what support asks for. It is capped and holds printable ASCII only.
func requestID(header http.Header) string {
	for _, name := range []string{"X-Bt-Internal-Trace-Id", "X-Request-Id", "X-Vercel-Id"} {
		id := strings.Map(func(r rune) rune {
			if r <= ' ' || r > '~' {
				return -1
			}
			return r
		}, header.Get(name))
		if id != "" {
			return id[:min(len(id), maxRequestID)]
		}
	}
	return ""
}

// message reads the server's words out of an error's body: JSON error, message or Message, at any of
// the first levels, else the text itself.
func message(contentType string, body []byte) string {
	if text, ok := messageIn(bytes.TrimSpace(body), maxNesting); ok {
		return capped(text)
	}
	if isHTML(contentType, body) {
		return capped("a page of HTML instead of the API's answer" + title(body))
	}
	return capped(string(body))
}

// messageIn searches one JSON value. A value without any of the names is no message.
func messageIn(value jsontext.Value, depth int) (string, bool) {
	if depth == 0 || len(value) == 0 {
		return "", false
	}
	switch value.Kind() {
	case '"':
		var text string
		err := json.Unmarshal(value, &text, jsontext.AllowInvalidUTF8(true))
		return text, err == nil && text != ""
	case '[':
		var elements []jsontext.Value
		if json.Unmarshal(value, &elements, lenient) != nil || len(elements) == 0 {
			return "", false
		}
		return messageIn(elements[0], depth-1)
	case '{':
		var members map[string]jsontext.Value
		if json.Unmarshal(value, &members, lenient) != nil {
			return "", false
		}
		for _, name := range []string{"error", "message", "Message", "errors"} {
			if text, ok := messageIn(members[name], depth-1); ok {
				return text, true
			}
		}
	}
	return "", false
}

// capped trims text, folds its white space and cuts it at a rune. Other control characters stay: what
// shows them must neutralise them anyway.
func capped(text string) string {
	if len(text) > 4*maxMessage {
		text = text[:4*maxMessage]
	}
	text = strings.Join(strings.Fields(text), " ")
	text = strings.ToValidUTF8(text, "\uFFFD")
	if len(text) <= maxMessage {
		return text
	}
	cut := maxMessage
	for !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + "..."
}

// isHTML reports whether a body is a web page, which proxies and wrong URLs answer.
func isHTML(contentType string, body []byte) bool {
	return strings.Contains(strings.ToLower(contentType), "text/html") ||
		bytes.HasPrefix(bytes.TrimSpace(body), []byte("<"))
}

// title finds the title of a page, in parentheses.
func title(body []byte) string {
	text := string(body[:min(len(body), 16<<10)])
	lower := strings.ToLower(text)
	start := strings.Index(lower, "<title>")
	if start < 0 || len(lower) != len(text) {
		return ""
	}
	start += len("<title>")
	end := strings.Index(lower[start:], "</title>")
	if end <= 0 {
		return ""
	}
	return " (" + strings.TrimSpace(text[start:start+end]) + ")"
}
