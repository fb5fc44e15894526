package access

import (
	"btadmin/internal/text"
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
	command := []string{"btadmin", "acl", "grant", c.Object, c.Principal, "--allow", c.Permission}
	if c.Kind != "" {
		command = append(command, "--objects", c.Kind)
	}
	return text.ShellLine(command...)
}
