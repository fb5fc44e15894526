package ask

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"btadmin/internal/exit"
	"btadmin/internal/orgstate"
	"btadmin/internal/prompt"
	"btadmin/internal/resolve"
	"btadmin/pkg/braintrust"
)

// mostChoices is how many things are offered as a list; with more of them names are typed.
const mostChoices = 200

// Choice is somebody or something that can be ticked.
type Choice struct {
	Ref    string // how flags and arguments would name it
	Label  string
	Ticked bool
}

// Members are the people and the service accounts of the organization.
func Members(ctx context.Context, r *resolve.Resolver) ([]Choice, error) {
	listed, err := r.Users(ctx)
	if err != nil {
		return nil, err
	}
	users := slices.Clone(listed)
	slices.SortFunc(users, func(a, b braintrust.User) int { return strings.Compare(memberOrder(a), memberOrder(b)) })
	choices := make([]Choice, len(users))
	for i, u := range users {
		choices[i] = Choice{Ref: "user:" + u.ID, Label: memberLabel(u)}
	}
	return choices, nil
}

// Groups are the groups that the caller may read.
func Groups(ctx context.Context, r *resolve.Resolver) ([]Choice, error) {
	listed, err := r.Groups(ctx)
	if err != nil {
		return nil, err
	}
	groups := slices.Clone(listed)
	slices.SortFunc(groups, func(a, b braintrust.Group) int { return strings.Compare(a.Name, b.Name) })
	choices := make([]Choice, len(groups))
	for i, g := range groups {
		choices[i] = Choice{Ref: "group:" + g.ID, Label: "group " + g.Name}
	}
	return choices, nil
}

// Several lets some of the choices be ticked and returns their references. When there are too many for a list,
// names are typed instead, and check is asked about every one of them.
func Several(p *prompt.Prompter, question, typing string, choices []Choice, check func(ref string) error) ([]string, error) {
	if len(choices) > mostChoices {
		typed, err := p.Input(typing, "", func(list string) error {
			for _, ref := range Split(list) {
				if err := check(ref); err != nil {
					return withHint(err)
				}
			}
			return nil
		})
		return Split(typed), err
	}
	if len(choices) == 0 {
		return nil, nil
	}
	labels := make([]string, len(choices))
	var ticked []int
	for i, c := range choices {
		labels[i] = c.Label
		if c.Ticked {
			ticked = append(ticked, i)
		}
	}
	chosen, err := p.MultiSelect(question, labels, ticked)
	refs := make([]string, len(chosen))
	for i, n := range chosen {
		refs[i] = choices[n].Ref
	}
	return refs, err
}

// withHint puts the advice of an error behind its message: a question has one line for both.
func withHint(err error) error {
	var coded *exit.Error
	if errors.As(err, &coded) && coded.Hint != "" {
		return fmt.Errorf("%w; %s", err, coded.Hint)
	}
	return err
}

// Split takes apart a typed list. Names may hold spaces, so that only commas and semicolons part them.
func Split(list string) []string {
	var parts []string
	for part := range strings.FieldsFuncSeq(list, func(r rune) bool { return r == ',' || r == ';' }) {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// memberOrder puts people before service accounts, each by name.
func memberOrder(u braintrust.User) string {
	if name, is := orgstate.AccountName(u); is {
		return "1" + name
	}
	return "0" + resolve.UserLabel(u)
}

func memberLabel(u braintrust.User) string {
	if name, is := orgstate.AccountName(u); is {
		return name + " (service account)"
	}
	name, label := resolve.FullName(u), resolve.UserLabel(u)
	if name != "" && name != label {
		return label + " (" + name + ")"
	}
	return label
}
