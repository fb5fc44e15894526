package change

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Limits are the rules that one plan is held to besides those that always hold. The zero value has the defaults of
// every guard and no document.
type Limits struct {
	OwnersAtLeast int      `json:"owners_at_least,omitzero"` // G2: human owners; 0: 2
	MustInclude   []string `json:"must_include,omitempty"`   // G4: ids of users who stay owners
	// MaxRemovals are the caps of G5; a class that is absent has DefaultMax.
	MaxRemovals map[Class]Max `json:"max_removals,omitempty"`
	// MayLoseAccess is keep_my_access: false. G3 then looks after the credential in use only.
	MayLoseAccess bool `json:"may_lose_access,omitzero"`
	// Unapproved are, while the document says new_super_users: deny, its grants that lack approved_by, in words.
	// If the plan makes super-users, G7 then refuses it for good.
	Unapproved []string `json:"unapproved,omitempty"`
	// Emptied are the sections that want nothing of what is there, in words: "groups", "members of QA" (G6).
	Emptied []string `json:"emptied,omitempty"`
	// Source is the document that the plan was made from; nil for commands.
	Source *Source `json:"source,omitzero"`
}

// Source is what guards need to know of a document.
type Source struct {
	Name string `json:"name"` // its file, for people
	// Organization is the name or id that the document is for (G14); "" when it names none.
	Organization string `json:"organization,omitzero"`
	// Pruned are the ids of all groups, roles, members, tokens and keys that the document takes away where it says
	// so: prune: true, state: removed, the end of an overlap. Nothing else is deleted (G10).
	Pruned []string `json:"pruned,omitempty"`
}

// Class is a kind of thing that is taken away, for the caps of G5.
type Class string

// The classes, as --max-removals and documents name them.
const (
	ClassMembers     Class = "members"
	ClassMemberships Class = "memberships"
	ClassGroups      Class = "groups"
	ClassGrants      Class = "grants"
	ClassTokens      Class = "tokens"
	ClassRoles       Class = "roles"
	ClassAccounts    Class = "service_accounts"
)

// Classes returns every class, in the order in which guards report them.
func Classes() []Class {
	return []Class{ClassMembers, ClassMemberships, ClassGroups, ClassGrants, ClassTokens, ClassRoles, ClassAccounts}
}

// Max is how many of a class may be taken away: a number, or a share of what is there.
type Max struct {
	N       int  `json:"n"`
	Percent bool `json:"percent,omitzero"`
}

// Of is the cap where there are so many.
func (m Max) Of(there int) int {
	if m.Percent {
		return there * m.N / 100
	}
	return m.N
}

// String is the cap as it is written: 3 or 25%.
func (m Max) String() string {
	if m.Percent {
		return strconv.Itoa(m.N) + "%"
	}
	return strconv.Itoa(m.N)
}

const (
	defaultShare = 25 // percent
	defaultLeast = 2
)

// ParseMax reads a cap: a number, or a share such as 20%.
func ParseMax(s string) (Max, error) {
	digits, percent := strings.CutSuffix(strings.TrimSpace(s), "%")
	n, err := strconv.Atoi(digits)
	if err != nil || n < 0 || percent && n > 100 {
		return Max{}, fmt.Errorf("%q is no cap: a number such as 3, or a share such as 25%%", s)
	}
	return Max{N: n, Percent: percent}, nil
}

// ParseMaxRemovals reads the value of --max-removals: one cap for every class, or CLASS=CAP pairs.
func ParseMaxRemovals(values []string) (map[Class]Max, error) {
	caps := map[Class]Max{}
	for _, value := range values {
		class, text, pair := strings.Cut(value, "=")
		if !pair {
			text = value
		}
		limit, err := ParseMax(text)
		if err != nil {
			return nil, err
		}
		name := Class(strings.TrimSpace(class))
		switch {
		case !pair && len(values) > 1:
			return nil, fmt.Errorf("%q is for every class, so it stands alone", value)
		case !pair:
			for _, c := range Classes() {
				caps[c] = limit
			}
		case !slices.Contains(Classes(), name):
			return nil, fmt.Errorf("%q is no class: members, memberships, groups, grants, tokens, roles or service_accounts", class)
		default:
			if _, twice := caps[name]; twice {
				return nil, fmt.Errorf("%s is given twice", name)
			}
			caps[name] = limit
		}
	}
	return caps, nil
}

// WithMaxRemovals returns the limits with caps that win over those that are in it.
func (l Limits) WithMaxRemovals(caps map[Class]Max) Limits {
	if len(caps) == 0 {
		return l
	}
	merged := maps.Clone(l.MaxRemovals)
	if merged == nil {
		merged = map[Class]Max{}
	}
	maps.Copy(merged, caps)
	l.MaxRemovals = merged
	return l
}

// most is how many of a class may go where there are so many.
func (l Limits) most(class Class, there int) (most int, rule string) {
	if limit, given := l.MaxRemovals[class]; given {
		return limit.Of(there), limit.String()
	}
	share := Max{N: defaultShare, Percent: true}
	return max(defaultLeast, share.Of(there)), share.String()
}
