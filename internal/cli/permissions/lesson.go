package permissions

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"btadmin/internal/exit"
	"btadmin/internal/labelfile"
	"btadmin/internal/output"
	"btadmin/internal/resolve"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// keep takes the group's own grants out of a list; with a reference, those on that object.
func (l *pupil) keep(ctx context.Context, r *resolve.Resolver, acls []braintrust.ACL, on string) error {
	var only access.Node
	if on != "" {
		target, err := r.Target(ctx, on)
		if err != nil {
			return err
		}
		only = target.Node
	}
	for _, acl := range acls {
		if acl.GroupID == l.group.ID && (on == "" || access.NodeOf(acl.ACLItem) == only) {
			l.items = append(l.items, acl.ACLItem)
		}
	}
	return nil
}

// grantRow is one grant of the group and the word that explains it. Fields are added, never renamed.
type grantRow struct {
	Scope      string `json:"scope"`
	Object     string `json:"object"`
	ObjectType string `json:"object_type"`
	Permission string `json:"permission"`
	Restrict   string `json:"restrict_object_type"`
	Role       string `json:"role_name"`
	Word       string `json:"word"`     // "" when no label stands for the grant
	Presence   string `json:"presence"` // of the label: full, partial, or "" without one
	Confidence string `json:"confidence"`
}

// rows lists every grant with what the table says about it, in the order of the pages.
func (l *pupil) rows() []grantRow {
	rows := []grantRow{}
	for _, d := range l.table.Describe(l.items) {
		add := func(item braintrust.ACLItem, word, presence, confidence string) {
			rows = append(rows, grantRow{
				Scope: string(d.Scope), Object: l.names.Node(access.NodeOf(item)), ObjectType: string(item.ObjectType),
				Permission: string(item.Permission), Restrict: string(item.RestrictObjectType),
				Word: word, Presence: presence, Confidence: confidence,
			})
		}
		for _, state := range d.Labels {
			for _, item := range state.Items {
				add(item, state.Label.Word, string(state.Presence), state.Label.Confidence)
			}
		}
		for _, item := range d.Unnamed {
			add(item, "", "", "")
		}
		for _, id := range d.Roles {
			rows = append(rows, grantRow{
				Scope: string(d.Scope), Object: l.names.Node(d.Node), ObjectType: string(d.Node.Type), Role: l.names.Role(id),
			})
		}
	}
	return rows
}

func grantColumns() []output.Column[grantRow] {
	return []output.Column[grantRow]{
		{Field: "object", Header: "ON", Text: func(r grantRow) string { return r.Object }},
		{Field: "permission", Header: "GRANT", Text: func(r grantRow) string {
			if r.Role != "" {
				return "role " + r.Role
			}
			return access.Tuple{Permission: braintrust.Permission(r.Permission), Restrict: braintrust.ObjectType(r.Restrict)}.String()
		}},
		{Field: "scope", Text: func(r grantRow) string { return r.Scope }, Wide: true},
		{Field: "word", Header: "EXPLAINED BY", Raw: func(r grantRow) string { return r.Word }, Text: func(r grantRow) string {
			switch {
			case r.Role != "":
				return "(a role is no word)"
			case r.Word == "":
				return "nothing"
			case r.Presence == string(access.Partial):
				return r.Word + " (partial)"
			}
			return r.Word
		}},
		{Field: "confidence", Text: func(r grantRow) string { return r.Confidence }},
	}
}

// seen are the tuples that the group has in the rows of a scope, as a label would have them. Several rows must say the
// same.
func (l *pupil) seen(scope access.Scope) ([]access.LabelGrant, error) {
	var found []access.LabelGrant
	first := ""
	for _, d := range l.table.Describe(l.items) {
		if d.Scope != scope {
			continue
		}
		where := l.names.Node(d.Node)
		if len(d.Roles) > 0 {
			return nil, exit.BadInputf("group %s has a role on %s: a word stands for permissions, and this one cannot be told from a role", l.group.Name, where).
				WithHint("make a group with nothing but one tick")
		}
		grants := grantsOf(d)
		switch {
		case found == nil:
			found, first = grants, where
		case !slices.Equal(found, grants):
			return nil, exit.BadInputf("group %s has other grants on %s than on %s", l.group.Name, where, first).
				WithHint("name the object on which one permission was ticked: --on REF")
		}
	}
	if len(found) == 0 {
		return nil, exit.BadInputf("group %s has no grant of the scope %s", l.group.Name, scope).
			WithHint("btadmin permissions learn %q shows what it has", l.group.Name)
	}
	return found, nil
}

// grantsOf are the tuples of a row, relative to it, in an order of their own.
func grantsOf(d access.Row) []access.LabelGrant {
	items := slices.Clone(d.Unnamed)
	for _, state := range d.Labels {
		items = append(items, state.Items...)
	}
	grants := make([]access.LabelGrant, len(items))
	for i, item := range items {
		if item.ObjectType != d.Node.Type {
			grants[i].On = item.ObjectType
		}
		grants[i].Tuple.Permission = item.Permission
		if d.Restrict == "" { // the kind of the objects scope is filled in when the word is used
			grants[i].Tuple.Restrict = item.RestrictObjectType
		}
	}
	slices.SortFunc(grants, func(a, b access.LabelGrant) int { return strings.Compare(a.String(), b.String()) })
	return grants
}

// correction is what was learned. Fields are added, never renamed.
type correction struct {
	Scope     string   `json:"scope"`
	Word      string   `json:"word"`
	Label     string   `json:"label"`
	Tuples    []string `json:"tuples"`
	Before    []string `json:"before"`
	Confirmed bool     `json:"confirmed"` // the table had these tuples already
	File      string   `json:"file"`
}

// settle makes a word stand for what the group has, in the file of corrections.
func (l *pupil) settle(p *output.Printer, scope access.Scope, word string, global bool) error {
	found, err := l.seen(scope)
	if err != nil {
		return err
	}
	old, _ := l.table.Label(scope, word)
	learned := old
	learned.Grants, learned.Confidence = found, access.Certain
	if _, err := l.table.Correct(learned); err != nil {
		return exit.New(exit.BadInput, fmt.Errorf("group %s cannot teach that: %w", l.group.Name, err)).
			WithHint("was only this one permission ticked? btadmin permissions learn %q shows what the group has", l.group.Name)
	}
	out := correction{Scope: string(scope), Word: word, Label: old.Title, Tuples: tuplesOf(learned), Before: tuplesOf(old)}
	slices.Sort(out.Before)
	slices.Sort(out.Tuples)
	out.Confirmed = slices.Equal(out.Before, out.Tuples)
	if out.File, err = l.write(learned, global); err != nil {
		return err
	}
	switch would := l.app.Flags.DryRun; {
	case out.Confirmed && would:
		l.app.Status.Print("would note that %s of %s stands for %s, as the table has it", word, scope, strings.Join(out.Tuples, ", "))
	case would:
		l.app.Status.Print("would make %s of %s stand for %s instead of %s", word, scope, strings.Join(out.Tuples, ", "), strings.Join(out.Before, ", "))
	case out.Confirmed:
		l.app.Status.Done("The table is right: %s of %s stands for %s (noted in %s)", word, scope, strings.Join(out.Tuples, ", "), out.File)
	default:
		l.app.Status.Done("From now on %s of %s stands for %s, not for %s (%s)", word, scope, strings.Join(out.Tuples, ", "), strings.Join(out.Before, ", "), out.File)
		l.app.Status.Hint("what was granted with this word before has the old grants: btadmin acl list shows them")
	}
	if p.Human() {
		return nil
	}
	return output.Value(p, out)
}

// write puts a correction into its file and says which that is.
func (l *pupil) write(learned access.Label, global bool) (string, error) {
	name, err := l.file(global)
	if err != nil {
		return "", err
	}
	entries, err := l.app.LabelFile(name)
	if err != nil {
		return "", err
	}
	settings, err := l.app.Settings()
	if err != nil {
		return "", err
	}
	data := labelfile.Write(labelfile.Put(entries, labelfile.Entry{Label: learned, Learned: l.source}))
	if _, err := labelfile.Read(name, data); err != nil { // the corrections of one file must go together
		return "", exit.New(exit.BadInput, err)
	}
	if l.app.Flags.DryRun {
		path, _, err := settings.OwnFile(name)
		return path, err
	}
	return settings.WriteOwnFile(name, data)
}

// ask asks what was ticked, for the scopes in which the group has grants.
func (l *pupil) ask(ctx context.Context, p *output.Printer, global bool) error {
	choices := []string{"Nothing to learn"}
	var labels []access.Label
	var scopes []access.Scope
	for _, d := range l.table.Describe(l.items) {
		if !slices.Contains(scopes, d.Scope) {
			scopes = append(scopes, d.Scope)
		}
	}
	for _, scope := range scopes {
		for _, label := range l.table.Scope(scope) {
			labels = append(labels, label)
			choices = append(choices, fmt.Sprintf("%s: %s", scope, label.Title))
		}
	}
	n, err := l.app.Prompt.WithContext(ctx).Select("Which permission was ticked in the web application, and no other in its row?", choices)
	if err != nil || n == 0 {
		return err
	}
	return l.settle(p, labels[n-1].Scope, labels[n-1].Word, global)
}
