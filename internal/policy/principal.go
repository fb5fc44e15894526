package policy

import (
	"errors"
	"fmt"
	"strings"

	"btadmin/internal/policy/document"
	"btadmin/internal/resolve"
	"btadmin/internal/text"
)

// PrincipalKind says what a principal of a document is named by.
type PrincipalKind string

// The kinds of principal.
const (
	Email          PrincipalKind = "user"            // a person, by e-mail
	UserID         PrincipalKind = "user-id"         // a user, by id
	ServiceAccount PrincipalKind = "service-account" // by name
	GroupName      PrincipalKind = "group"           // by name
	IDP            PrincipalKind = "idp"             // the people of a team of an identity source
)

// Principal is who a document names.
type Principal struct {
	Kind PrincipalKind
	// Name is the e-mail address, the id or the name; of an identity source, SOURCE/TEAM.
	Name string
	At   document.Pos
}

// Ref is the reference that every command takes: user:EMAIL, service-account:NAME, group:NAME, user:ID. The one of
// an identity source is idp:SOURCE/TEAM, which only documents know.
func (p Principal) Ref() string {
	if p.Kind == UserID {
		return "user:" + p.Name
	}
	return string(p.Kind) + ":" + p.Name
}

// Key is the same for principals that are the same: e-mail addresses are compared canonically.
func (p Principal) Key() string {
	if p.Kind == Email {
		return string(p.Kind) + ":" + text.CanonicalEmail(p.Name)
	}
	return p.Ref()
}

// Source cuts the name of an identity source's team into the two.
func (p Principal) Source() (source, team string) {
	source, team, _ = strings.Cut(p.Name, "/")
	return source, team
}

// ParsePrincipal reads a principal from one text: an e-mail address, user:EMAIL, user:ID, sa:NAME,
// service-account:NAME or group:NAME.
func ParsePrincipal(t document.Text) (Principal, error) {
	p := Principal{At: t.At}
	prefix, rest, found := strings.Cut(t.Value, ":")
	switch prefix = strings.ReplaceAll(prefix, "_", "-"); {
	case found && (prefix == "sa" || prefix == "service-account"):
		p.Kind, p.Name = ServiceAccount, rest
	case found && prefix == "group":
		p.Kind, p.Name = GroupName, rest
	case found && prefix == "user" && resolve.IsUUID(rest):
		p.Kind, p.Name = UserID, strings.ToLower(rest)
	case found && prefix == "user":
		p.Kind, p.Name = Email, rest
	default:
		p.Kind, p.Name = Email, t.Value
	}
	return p, p.check()
}

// check refuses what cannot be a name of its kind.
func (p Principal) check() error {
	if p.Name == "" {
		return errors.New("an empty name")
	}
	if text.Unsafe(p.Name) {
		return fmt.Errorf("the name %s has characters that cannot be seen or that change how it is shown", text.Visible(p.Name))
	}
	switch p.Kind {
	case Email:
		if !ValidEmail(p.Name) {
			return fmt.Errorf("%q is neither an e-mail address nor a reference such as sa:NAME or group:NAME", p.Name)
		}
	case UserID:
		if !resolve.IsUUID(p.Name) {
			return fmt.Errorf("%q is not the id of a user", p.Name)
		}
	}
	return nil
}

// ValidEmail reports whether s can be an e-mail address. It is generous: the server has the last word.
func ValidEmail(s string) bool {
	local, domain, found := strings.Cut(s, "@")
	return found && local != "" && domain != "" && !strings.ContainsAny(s, " \t,;<>\"()[]") && !strings.Contains(domain, "@")
}
