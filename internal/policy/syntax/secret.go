package syntax

import (
	"bytes"

	"btadmin/internal/redact"
)

// hideKeys refuses a document with an API key or a service token in it, comments included, and returns its text
// with stars in the place of the keys, for excerpts. Without keys that is data itself.
func hideKeys(file string, data []byte, ps *Problems) []byte {
	redactor := redact.New()
	var shown bytes.Buffer
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
		if keyLike(word) && redactor.String(string(word)) != string(word) {
			ps.Errorf(place(file, string(data), i), "a key or token is written here: a policy must not hold secrets").
				WithHint("take it out, and delete it in the web application: who has read this file has it")
			shown.Write(data[done:i])
			shown.Write(bytes.Repeat([]byte("*"), len(word)))
			done = end
		}
		i = end
	}
	if done == 0 {
		return data
	}
	shown.Write(data[done:])
	return shown.Bytes()
}

// keyLike reports whether a word has the beginning of a key in it.
func keyLike(word []byte) bool {
	return bytes.Contains(word, []byte("sk-")) || bytes.Contains(word, []byte("bt-st-"))
}

func keyByte(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || c == '-' || c == '_'
}
