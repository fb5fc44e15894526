package syntax

import (
	"strings"

	"btadmin/internal/redact"
)

// hideKeys refuses a document with an API key or a service token in it, comments included, and returns its text
// with stars in the place of the keys, for excerpts.
func hideKeys(file, data string, ps *Problems) string {
	const prefixes = "sk- bt-st-"
	redactor := redact.New()
	var b strings.Builder
	done := 0
	for i := 0; i < len(data); {
		if !keyByte(data[i]) {
			i++
			continue
		}
		end := i
		for end < len(data) && keyByte(data[end]) {
			end++
		}
		word := data[i:end]
		for prefix := range strings.FieldsSeq(prefixes) {
			if at := strings.Index(word, prefix); at >= 0 && redactor.String(word) != word {
				ps.Errorf(place(file, data, i), "a key or token is written here: a policy must not hold secrets").
					WithHint("take it out, and delete it in the web application: who has read this file has it")
				b.WriteString(data[done:i] + strings.Repeat("*", len(word)))
				done = end
				break
			}
		}
		i = end
	}
	return b.String() + data[done:]
}

func keyByte(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || c == '-' || c == '_'
}
