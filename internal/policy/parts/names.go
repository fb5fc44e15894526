package parts

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// mostName is how long a name becomes, so that with what is put around it no file system cuts it.
const mostName = 80

// fileNames gives each name one that is safe as the name of a file, and is no other's where small and capital letters
// are the same. It says the name where it can, so that people find the file. A name does not depend on the order of
// the others, and only on those that look like it.
func fileNames(names []string) map[string]string {
	alike := map[string]int{}
	for _, name := range names {
		alike[plain(name)]++
	}
	out := make(map[string]string, len(names))
	for _, name := range names {
		file := plain(name)
		if file == "" || alike[file] > 1 || hashed(file) {
			sum := sha256.Sum256([]byte(name))
			file = strings.TrimPrefix(file+"-"+hex.EncodeToString(sum[:])[:hashLength], "-")
		}
		out[name] = file
	}
	return out
}

// hashLength is the length of what tells names apart that look alike: 48 bits.
const hashLength = 12

// hashed reports whether a plain name ends like one that has got a hash.
func hashed(file string) bool {
	last := file[strings.LastIndexByte(file, '-')+1:]
	return len(last) == hashLength && strings.Trim(last, "0123456789abcdef") == ""
}

// plain keeps small letters, digits and the dashes between them.
func plain(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() >= mostName {
			break
		}
	}
	return strings.Trim(b.String(), "-")
}
