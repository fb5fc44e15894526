package openfga

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"btadmin/pkg/braintrust"
)

// The limits of OpenFGA, in bytes.
const (
	maxRelation = 50
	maxType     = 254
	maxID       = 120 // so that the object of a role's binding, which names two, stays below 256
)

// escapedPrefix starts names that had to be changed. No other name holds a dash.
const escapedPrefix = "x-"

// TypeName is an object type as a type of the model: itself when it consists of letters, digits and underscores
// and is no word of the model's own, else "x-" and the name with other bytes as a dash and two hexadecimal digits.
func TypeName(t braintrust.ObjectType) string {
	return limit(word(string(t), typeUser, typeBinding, suffixGiven, suffixOther), maxType)
}

// permissionName is TypeName for permissions.
func permissionName(p braintrust.Permission) string {
	return word(string(p), relationMember, relationParent, relationBinding, relationAssignee, relationRole, relationIncludes)
}

func word(name string, reserved ...string) string {
	plain := name != "" && (name[0] < '0' || name[0] > '9') && !slices.Contains(reserved, name)
	if plain && strings.IndexFunc(name, func(r rune) bool { return !wordByte(r) }) < 0 {
		return name
	}
	return escapedPrefix + cmp.Or(escape(name, "-", wordByte), "empty")
}

func wordByte(r rune) bool {
	return r == '_' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
}

// ID is an id as OpenFGA allows it: letters, digits, dash, dot and underscore stay, other bytes become a
// percent sign and two hexadecimal digits. Ids of the API are UUIDs, which stay as they are.
func ID(id string) string {
	return limit(escape(id, "%", func(r rune) bool { return wordByte(r) || r == '-' || r == '.' }), maxID)
}

func escape(s, mark string, plain func(rune) bool) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		if plain(rune(c)) {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%s%02x", mark, c)
		}
	}
	return b.String()
}

// limit shortens what is too long to a beginning and a hash of the whole.
func limit(s string, most int) string {
	if len(s) <= most {
		return s
	}
	sum := sha256.Sum256([]byte(s))
	return s[:most-17] + "-" + hex.EncodeToString(sum[:8])
}

// on is the relation for a permission on things of a type inside something; suffixes stand for themselves.
func on(p braintrust.Permission, suffix string) string {
	return limit(permissionName(p)+"."+suffix, maxRelation)
}

// itself is the relation for a permission on something itself.
func itself(p braintrust.Permission) string { return limit(permissionName(p), maxRelation) }

// carried is the relation of a role that says what it gives.
func carried(p braintrust.Permission, suffix string) string {
	return limit("carries_"+permissionName(p)+"."+suffix, maxRelation)
}
