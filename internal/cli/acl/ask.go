package acl

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"btadmin/internal/app"
	"btadmin/internal/ask"
	"btadmin/internal/exit"
	"btadmin/internal/grants"
	"btadmin/internal/resolve"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// askMissing asks for what the command line left out, or names it when nobody can be asked.
func (v verb) askMissing(ctx context.Context, a *app.App, r *resolve.Resolver, w *wish, args int) error {
	names := []string{"REF", "PRINCIPAL"}
	if args < len(names) && !a.Prompt.CanPrompt() {
		return exit.BadInputf("missing argument %s", names[args]).
			WithHint("btadmin acl %s REF PRINCIPAL --allow WORDS, or --file FILE", v.name)
	}
	p := a.Prompt.WithContext(ctx)
	var err error
	if args < 1 {
		if w.object, err = p.Input("On what: project:NAME, all-projects, experiment:PROJECT/NAME, ...", "", answered); err != nil {
			return err
		}
	}
	if args < 2 {
		if w.principal, err = p.Input("Who: group:NAME, user:EMAIL or sa:NAME", "", answered); err != nil {
			return err
		}
	}
	if w.allow != "" || w.role != "" || !a.Prompt.CanPrompt() {
		return nil
	}
	return v.askWords(ctx, a, r, w)
}

func answered(s string) error {
	if strings.TrimSpace(s) == "" {
		return errors.New("an answer is needed")
	}
	return nil
}

// askWords offers the permissions of the row with what is granted now ticked: set makes it what is ticked
// then, grant adds what was ticked, revoke takes what was unticked.
func (v verb) askWords(ctx context.Context, a *app.App, r *resolve.Resolver, w *wish) error {
	w.table = r.Labels()
	if err := w.find(ctx, r); err != nil {
		return err
	}
	client, err := a.Client(ctx)
	if err != nil {
		return err
	}
	empty, err := grants.On(w.table, w.who.Principal, w.target.Node, "none", w.objects)
	if err != nil {
		return err
	}
	w.set = empty
	acls, err := current(ctx, client, nodesOf([]*wish{w}))
	if err != nil {
		return err
	}
	ticked := granted(w, newIndex(acls))
	scope := access.ScopeOf(w.target.Node.Type)
	title := w.target.Ref
	if w.objects != "" {
		scope, title = access.ScopeObjects, w.objects+" in "+title
	}
	question := fmt.Sprintf("Permissions of %s on %s", w.who.Ref, title)
	if v.name == "revoke" {
		question += " (untick what goes)"
	}
	words, err := ask.Words(a.Prompt.WithContext(ctx), question, scope, ticked)
	if err != nil {
		return err
	}
	chosen := slices.DeleteFunc(strings.Split(words, ","), func(word string) bool { return word == "" })
	switch {
	case v.exclusive && len(chosen) == 0:
		w.allow = "none"
	case v.exclusive:
		w.allow = strings.Join(chosen, ",")
	case v.adds:
		w.allow = strings.Join(without(chosen, ticked), ",")
	default:
		w.allow = strings.Join(without(ticked, chosen), ",")
	}
	if w.allow == "" {
		return exit.BadInputf("nothing was chosen to %s", v.name)
	}
	return nil
}

// granted are the words that are granted whole in every row of the wish.
func granted(w *wish, have *index) []string {
	var common []string
	for i, row := range w.rows() {
		var items []braintrust.ACLItem
		for _, acl := range have.row(w.table, w.who.Principal, row) {
			items = append(items, acl.ACLItem)
		}
		var words []string
		for _, described := range w.table.Describe(items) {
			words = append(words, described.Words()...)
		}
		if i == 0 {
			common = words
			continue
		}
		common = slices.DeleteFunc(common, func(word string) bool { return !slices.Contains(words, word) })
	}
	return common
}

func without(list, other []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(word string) bool { return slices.Contains(other, word) })
}
