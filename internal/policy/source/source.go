// Package source reads the identity sources of a policy: who is in which team, according to a CSV file or the output
// of a command. A source that cannot be read is an error that ends everything, and so is an empty one unless the
// policy says that it may be: neither ever means that nobody is in the team.
package source

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"

	"btadmin/internal/batch"
	"btadmin/internal/exit"
	"btadmin/internal/policy"
	"btadmin/internal/policy/document"
	"btadmin/internal/text"
)

// reader reads the rows of one type of source. It is the seam for types to come, such as SCIM and LDAP.
type reader interface {
	rows(ctx context.Context, s policy.Source) ([]batch.Row, error)
}

// readers are the types of source, by the word for them in documents.
func readers() map[string]reader {
	return map[string]reader{"csv": csvFile{}, "command": command{}}
}

// Teams are the e-mail addresses of each team, as the source has them, each person once.
type Teams map[string][]string

// Read reads one source. Errors have exit code 4 and name the source and its place.
func Read(ctx context.Context, s policy.Source) (Teams, error) {
	teams, err := read(ctx, s)
	if err != nil {
		return nil, exit.New(exit.BadInput, fmt.Errorf("%s: reading the identity source %q: %w", s.At, text.Visible(s.Name), err))
	}
	return teams, nil
}

func read(ctx context.Context, s policy.Source) (Teams, error) {
	r, known := readers()[s.Type]
	if !known {
		return nil, fmt.Errorf("the type %q is not supported yet", s.Type)
	}
	rows, err := r.rows(ctx, s)
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 && !s.AllowEmpty {
		return nil, fmt.Errorf("it lists nobody, and the policy does not say allow_empty: true")
	}
	teams := Teams{}
	seen := map[[2]string]bool{}
	for _, row := range rows {
		email, team := row.Get(s.EmailColumn), row.Get(s.GroupColumn)
		if !policy.ValidEmail(email) || text.Unsafe(email) {
			return nil, fmt.Errorf("line %d: %q is no e-mail address", row.Line, text.Visible(email))
		}
		if key := [2]string{text.CanonicalEmail(email), team}; !seen[key] {
			seen[key] = true
			teams[team] = append(teams[team], email)
		}
	}
	return teams, nil
}

// Resolve puts the people of identity sources in the place of the members that name a team, in every group of d.
// Each source that is used is read once; others are not read. A person who is listed in the group anyway keeps the
// entry of the document.
func Resolve(ctx context.Context, d *policy.Desired) error {
	known := map[string]Teams{}
	for _, g := range d.Groups {
		if !slices.ContainsFunc(g.Members, func(m policy.Membership) bool { return m.Kind == policy.IDP }) {
			continue
		}
		members, err := resolve(ctx, d, g, known)
		if err != nil {
			return err
		}
		g.Members = members
	}
	return nil
}

func resolve(ctx context.Context, d *policy.Desired, g *policy.Group, known map[string]Teams) ([]policy.Membership, error) {
	var out []policy.Membership
	have := map[string]bool{}
	for _, m := range g.Members {
		if m.Kind != policy.IDP {
			have[m.Key()] = true
			out = append(out, m)
		}
	}
	for _, m := range g.Members {
		if m.Kind != policy.IDP {
			continue
		}
		emails, err := team(ctx, d, m, known)
		if err != nil {
			return nil, err
		}
		for _, email := range emails {
			person := m
			person.Kind, person.Name, person.Via = policy.Email, email, m.Name
			if !have[person.Key()] {
				have[person.Key()] = true
				out = append(out, person)
			}
		}
	}
	return out, nil
}

// team returns the people of one team.
func team(ctx context.Context, d *policy.Desired, m policy.Membership, known map[string]Teams) ([]string, error) {
	name, wanted := m.Source()
	i := slices.IndexFunc(d.Sources, func(s policy.Source) bool { return s.Name == name })
	if i < 0 {
		return nil, exit.BadInputf("%s: the identity source %q is not defined", m.At, text.Visible(name))
	}
	s := d.Sources[i]
	if known[name] == nil {
		teams, err := Read(ctx, s)
		if err != nil {
			return nil, err
		}
		known[name] = teams
	}
	emails := known[name][wanted]
	if len(emails) == 0 && !s.AllowEmpty {
		return nil, noTeam(m.At, s, wanted, known[name])
	}
	return emails, nil
}

func noTeam(at document.Pos, s policy.Source, wanted string, teams Teams) error {
	names := make([]string, 0, len(teams))
	for name := range teams {
		names = append(names, name)
	}
	sort.Strings(names)
	err := exit.BadInputf("%s: the identity source %q lists nobody in %q", at, text.Visible(s.Name), text.Visible(wanted))
	if near := text.Nearest(wanted, names); len(near) > 0 {
		return err.WithHint("did you mean %s/%s?", s.Name, text.Visible(near[0]))
	}
	if len(names) > 20 {
		names = append(names[:20], "...")
	}
	return err.WithHint("it has %s; if the team may be empty, write allow_empty: true at the source", text.Visible(strings.Join(names, ", ")))
}
