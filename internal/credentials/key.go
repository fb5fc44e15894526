// Package credentials keeps keys where only their owner can read them, and decides which key a run uses. It is the
// only importer of go-keyring. A key is checked before it is used anywhere, and no error ever repeats one.
package credentials

import (
	"errors"
	"fmt"
	"strings"

	"btadmin/internal/exit"
	"btadmin/pkg/braintrust"
)

// maxKey bounds a key in bytes; real ones have some fifty.
const maxKey = 4096

// The prefixes of keys. Those of the sandbox look like real ones and like nothing that a real server takes (E8).
const (
	userPrefix         = "sk-"
	servicePrefix      = "bt-st-"
	sandboxUserPrefix  = "sk-sandbox-"
	sandboxTokenPrefix = "bt-st-sandbox-"
)

// ParseKey checks a key as it came from a prompt, a pipe, the environment or a store (A12). One trailing newline is
// trimmed; whatever else could break a header or hide in a log is refused. The error never repeats the key and carries
// exit code 4.
func ParseKey(raw string) (braintrust.Secret, error) {
	key := strings.TrimSuffix(raw, "\n")
	if reason := refusal(key); reason != "" {
		return braintrust.Secret{}, exit.New(exit.BadInput, errors.New("the key is refused: "+reason))
	}
	return braintrust.NewSecret(key), nil
}

// refusal says why text is no key, without repeating any of it.
func refusal(key string) string {
	switch {
	case key == "":
		return "it is empty"
	case len(key) > maxKey:
		return fmt.Sprintf("it is longer than %d bytes", maxKey)
	case strings.HasPrefix(key, "\ufeff"), strings.HasPrefix(key, "\xff\xfe"), strings.HasPrefix(key, "\xfe\xff"):
		return "it begins with a byte order mark; save the file without one"
	}
	for i := range len(key) {
		switch c := key[i]; {
		case c == '\r':
			return "it has a carriage return in it (a line end of Windows?)"
		case c == '\n':
			return "it has more than one line"
		case c == 0:
			return "it has a NUL byte in it"
		case c == ' ' || c == '\t':
			return "it has a blank in it"
		case c >= 0x80:
			return "it has a character in it that is not ASCII"
		case c < ' ' || c == 0x7f:
			return "it has a control character in it"
		}
	}
	return ""
}

// Kind is what a key is, told from its prefix.
type Kind string

// The kinds of keys.
const (
	KindUser         Kind = "user_key"
	KindService      Kind = "service_token"
	KindSandboxUser  Kind = "sandbox_user_key"
	KindSandboxToken Kind = "sandbox_service_token"
	KindUnknown      Kind = "unknown"
)

// prefixes is the table of kinds; longer prefixes first.
var prefixes = [...]struct {
	prefix string
	kind   Kind
}{
	{sandboxUserPrefix, KindSandboxUser},
	{sandboxTokenPrefix, KindSandboxToken},
	{servicePrefix, KindService},
	{userPrefix, KindUser},
}

// KindOf tells the kind of a key.
func KindOf(key braintrust.Secret) Kind {
	kind, _ := classify(key)
	return kind
}

// Sandbox reports whether the kind belongs to the embedded organization.
func (k Kind) Sandbox() bool { return k == KindSandboxUser || k == KindSandboxToken }

// String is the kind in words.
func (k Kind) String() string {
	switch k {
	case KindUser:
		return "user API key"
	case KindService:
		return "service token"
	case KindSandboxUser:
		return "sandbox user API key"
	case KindSandboxToken:
		return "sandbox service token"
	}
	return "key of an unknown kind"
}

func classify(key braintrust.Secret) (kind Kind, prefix string) {
	for _, p := range prefixes {
		if strings.HasPrefix(key.Reveal(), p.prefix) {
			return p.kind, p.prefix
		}
	}
	return KindUnknown, ""
}

// Masked shows enough of a key to recognise it in a list: its prefix and its last four characters, as in
// "sk-...wxyz". A short key shows no ending, because four characters would be much of it.
func Masked(key braintrust.Secret) string {
	const shown, least = 4, 16
	_, prefix := classify(key)
	rest := strings.TrimPrefix(key.Reveal(), prefix)
	if len(rest) < least {
		return prefix + "..."
	}
	return prefix + "..." + rest[len(rest)-shown:]
}
