package redact

import (
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// minCore is the length from which the inside of a base64 text is taken for a trace of the secret.
const minCore = 8

// forms are the notations of a secret that are looked for. Percent and backslash escapes are missing here,
// because matcher undoes them before it looks.
func forms(secret string) []string {
	all := []string{secret}
	add := func(s string) {
		if len(s) >= minSecret && !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	add(strings.TrimSpace(secret))
	add(url.QueryEscape(secret)) // with + for a space, which is no escape
	quoted := strconv.Quote(secret)
	add(quoted[1 : len(quoted)-1])
	add(hex.EncodeToString([]byte(secret)))
	add(strings.ToUpper(hex.EncodeToString([]byte(secret))))
	for _, enc := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding, base64.RawStdEncoding, base64.RawURLEncoding} {
		add(enc.EncodeToString([]byte(secret)))
	}
	for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for offset := range 3 {
			if core := base64Core(enc, secret, offset); len(core) >= minCore {
				add(core)
			}
		}
	}
	return all
}

// base64Core is the part of a base64 text that depends on nothing but the secret when the secret starts at a
// byte position that leaves offset when divided by three, as in the base64 of "user:secret".
func base64Core(enc *base64.Encoding, secret string, offset int) string {
	encoded := enc.EncodeToString(append(make([]byte, offset), secret...))
	first := (offset*8 + 5) / 6            // characters that hold bits of what stands before
	last := (offset + len(secret)) * 8 / 6 // characters without bits of what stands behind
	return encoded[min(first, last):last]
}
