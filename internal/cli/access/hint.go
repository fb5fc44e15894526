package access

import (
	"strings"

	"btadmin/pkg/access"
)

// grantCommand is what would make the answer a yes, "" when acl grant has no words for it.
func grantCommand(c explained) string {
	if c.Kind != "" {
		if _, err := access.ParseObjectWords(c.Kind); err != nil {
			return ""
		}
	}
	for _, p := range c.Permissions {
		if !p.Exists {
			return ""
		}
	}
	command := "btadmin acl grant " + shellWord(c.Object) + " " + shellWord(c.Principal) + " --allow " + c.Permission
	if c.Kind != "" {
		command += " --objects " + c.Kind
	}
	return command
}

// shellWord quotes what a shell would take apart.
func shellWord(s string) string {
	if strings.ContainsFunc(s, func(r rune) bool {
		return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@:/.,_-+", r)
	}) {
		return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
	}
	return s
}
