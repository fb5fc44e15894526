package policy

import (
	"errors"
	"slices"
	"strings"

	"btadmin/internal/policy/document"
	"btadmin/internal/resolve"
	"btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// word reads one permission word.
func (b *builder) word(scope access.Scope, w document.Text, of int) []access.Label {
	if strings.Contains(w.Value, ",") {
		b.problems.Errorf(w.At, "%s is not one word", quoted(w.Value)).WithHint("write a list: [read, update]")
		return nil
	}
	labels, err := b.table.ParseWords(scope, w.Value)
	if err == nil && len(labels) == 0 && of > 1 {
		err = errors.New(`"none" stands alone`)
	}
	if err == nil {
		return labels
	}
	p := b.problems.Errorf(w.At, "%s", text.Visible(err.Error()))
	if unknown, ok := errors.AsType[*access.WordError](err); ok {
		if near := text.Nearest(strings.ReplaceAll(unknown.Word, "_", "-"), unknown.Known); len(near) > 0 {
			p.WithHint("did you mean %s?", strings.ReplaceAll(near[0], "-", "_"))
		}
	}
	return nil
}

// profile is a profile that can be taken up.
type profile struct {
	rows document.Rows
	at   document.Pos
}

func (b *builder) readProfiles() {
	for name, rows := range b.doc.Profiles.All() {
		if rows.Use.Known() {
			b.problems.Errorf(rows.Use.At, "a profile cannot take up another profile").WithHint("write its rows here as well")
			rows.Use = document.Text{}
		}
		if rows.ApprovedBy.Known() {
			b.problems.Errorf(rows.ApprovedBy.At, "an approval belongs where the profile is used, not to the profile: it would approve every use to come")
			rows.ApprovedBy = document.Text{}
		}
		b.profiles[name.Value] = profile{rows, name.At}
		b.rows(rows, Target{Type: braintrust.ObjectProject}, document.Text{}) // a mistake in one that nobody uses is found too
	}
}

// written is one row as it is written, with the kinds of object that it is for.
type written struct {
	words    document.Words
	restrict braintrust.ObjectType
	kind     string // the word of the kind, "" for the project's own row
	used     document.Pos
	order    int // on the page
}

// writtenRows lists the rows of a mapping in the order of the page.
func (b *builder) writtenRows(rows document.Rows) []written {
	var out []written
	order := 0
	add := func(words document.Words, kind string, restrict braintrust.ObjectType) {
		if order++; words.Known() {
			out = append(out, written{words: words, kind: kind, restrict: restrict, order: order})
		}
	}
	add(rows.Project, "", "")
	if rows.ObjectRows == nil {
		return out
	}
	byWord := map[string]document.Words{
		"experiments": rows.Experiments, "datasets": rows.Datasets, "logs": rows.Logs, "playgrounds": rows.Playgrounds,
		"prompts": rows.Prompts, "functions": rows.Functions, "scorers": rows.Scorers, "classifiers": rows.Classifiers,
	}
	for _, kind := range access.ObjectWords() {
		add(byWord[kind.Word], kind.Word, kind.Type)
	}
	for name, words := range rows.Restricted.All() {
		b.knownType(name)
		add(words, name.Value, braintrust.ObjectType(strings.ReplaceAll(name.Value, "-", "_")))
	}
	return out
}

// rows expands the rows of one project entry: those of its profile hold where none is written for the same type.
func (b *builder) rows(rows document.Rows, on Target, approved document.Text) []Row {
	list := b.writtenRows(rows)
	have := map[braintrust.ObjectType]bool{}
	for _, w := range list {
		have[w.restrict] = true
	}
	if rows.Use.Known() {
		if p, known := b.profiles[rows.Use.Value]; known {
			for _, w := range b.writtenRows(p.rows) {
				if !have[w.restrict] {
					w.used = rows.Use.At
					list = append(list, w)
				}
			}
		} else {
			b.unknownProfile(rows.Use)
		}
	}
	slices.SortStableFunc(list, func(a, b written) int { return a.order - b.order })
	return b.agree(list, on, orElse(rows.ApprovedBy, approved))
}

func (b *builder) unknownProfile(use document.Text) {
	p := b.problems.Errorf(use.At, "the profile %s is not defined", quoted(use.Value))
	if near := text.Nearest(use.Value, b.doc.Profiles.Keys()); len(near) > 0 {
		p.WithHint("did you mean %s?", near[0])
	}
}

// orElse is t when it was written, else other.
func orElse(t, other document.Text) document.Text {
	if t.Known() {
		return t
	}
	return other
}

// agree makes one row of those that the API keeps as one: prompts, functions, scorers and classifiers. Rows that
// do not agree are refused, because there is nothing that they could mean.
func (b *builder) agree(list []written, on Target, approved document.Text) []Row {
	var out []Row
	kinds := map[braintrust.ObjectType][]written{}
	for _, w := range list {
		labels := b.labels(on.scope(w.restrict), w.words)
		i := slices.IndexFunc(out, func(r Row) bool { return r.Restrict == w.restrict })
		if i < 0 {
			kinds[w.restrict] = []written{w}
			out = append(out, Row{
				On: on, Restrict: w.restrict, Labels: labels, ApprovedBy: approved, At: w.words.At, Used: w.used,
			})
			continue
		}
		if !sameTuples(out[i].Labels, labels) {
			b.disagree(w, kinds[w.restrict][0], out[i].At)
			return out
		}
		kinds[w.restrict] = append(kinds[w.restrict], w)
	}
	b.widening(kinds[braintrust.ObjectPrompt], out)
	return out
}

// disagree says why two rows of one type must be the same.
func (b *builder) disagree(w, first written, at document.Pos) {
	message := "%s differs from %s: both are the type " + string(w.restrict) + " of the API, so these rows must be the same"
	if w.restrict == braintrust.ObjectPrompt {
		message = "%s differs from %s: the API keeps prompts, functions, scorers and classifiers as one type, so these rows must be the same"
	}
	b.problems.Errorf(w.words.At, message, text.Visible(w.kind), text.Visible(first.kind)).See(at, text.Visible(first.kind)+" is written here")
}

// widening says once what a row of scorers reaches besides scorers.
func (b *builder) widening(list []written, rows []Row) {
	i := slices.IndexFunc(rows, func(r Row) bool { return r.Restrict == braintrust.ObjectPrompt })
	if b.widened || len(list) == 0 || len(rows[i].Labels) == 0 {
		return
	}
	var kinds []access.ObjectWord
	for _, kind := range access.ObjectWords() {
		if slices.ContainsFunc(list, func(w written) bool { return w.kind == kind.Word }) {
			kinds = append(kinds, kind)
		}
	}
	if note := access.Widening(kinds); note != "" {
		b.widened = true
		b.problems.Warnf(rows[i].At, "%s", note).WithHint("writing the same words for all four rows says so in the file")
	}
}

// words are the words of labels as a document has them.
func words(labels []access.Label) []string {
	out := make([]string, len(labels))
	for i, l := range labels {
		out[i] = strings.ReplaceAll(l.Word, "-", "_")
	}
	return out
}

func sameTuples(a, b []access.Label) bool {
	set := func(labels []access.Label) map[access.LabelGrant]bool {
		tuples := map[access.LabelGrant]bool{}
		for _, l := range labels {
			for _, g := range l.Grants {
				tuples[g] = true
			}
		}
		return tuples
	}
	have, want := set(a), set(b)
	for g := range have {
		if !want[g] {
			return false
		}
	}
	return len(have) == len(want)
}

// permissions expands everything that one principal is granted.
func (b *builder) permissions(p document.Permissions, approved document.Text) []Row {
	approved = orElse(p.ApprovedBy, approved)
	out := make([]Row, 0, len(p.Projects.Entries)+len(p.Objects.Items))
	if p.Organization.Known() {
		labels := b.labels(access.ScopeOrganization, p.Organization)
		out = append(out, Row{
			On: Target{Type: braintrust.ObjectOrganization, Word: "organization", At: p.Organization.At}, Labels: labels,
			ApprovedBy: approved, At: p.Organization.At,
		})
	}
	if p.AllProjects.At.Known() {
		on := Target{Type: braintrust.ObjectOrgProject, Word: "all-projects", At: p.AllProjects.At}
		out = append(out, b.rows(p.AllProjects, on, approved)...)
	}
	for name, rows := range p.Projects.All() {
		pattern, ok := b.pattern(name)
		if !ok || b.unsafe(name, "project") {
			continue
		}
		on := Target{Type: braintrust.ObjectProject, Projects: pattern, At: name.At}
		out = append(out, b.rows(rows, on, approved)...)
	}
	for _, grant := range p.Objects.Items {
		if row, ok := b.object(grant, approved); ok {
			out = b.distinct(out, row)
		}
	}
	return out
}

// distinct adds a row unless the same row of the same target is there: one list is the whole truth of a row.
func (b *builder) distinct(rows []Row, row Row) []Row {
	for _, r := range rows {
		if r.On.Ref() == row.On.Ref() && r.Restrict == row.Restrict {
			b.problems.Errorf(row.At, "%s is granted on twice", text.Visible(row.On.Ref())).See(r.At, "the first")
			return rows
		}
	}
	return append(rows, row)
}

// object reads a grant on one single object.
func (b *builder) object(g document.ObjectGrant, approved document.Text) (Row, bool) {
	on, ok := b.objectTarget(g)
	if !ok {
		return Row{}, false
	}
	if g.Restrict.Known() {
		b.knownType(g.Restrict)
	}
	restrict := braintrust.ObjectType(strings.ReplaceAll(g.Restrict.Value, "-", "_"))
	labels := b.labels(on.scope(restrict), g.Allow)
	return Row{
		On: on, Restrict: restrict, Labels: labels, ApprovedBy: orElse(g.ApprovedBy, approved), At: g.Allow.At,
	}, true
}

// isID reports whether a text is an id.
func isID(t document.Text) bool { return resolve.IsUUID(t.Value) }

// knownType points out a type of the API that this version has not heard of, as a misspelt one would be.
func (b *builder) knownType(name document.Text) {
	known := braintrust.ObjectTypes()
	word := braintrust.ObjectType(strings.ReplaceAll(name.Value, "-", "_"))
	if slices.Contains(known, word) {
		return
	}
	p := b.problems.Warnf(name.At, "%s is no type of object that this btadmin knows", quoted(name.Value))
	words := make([]string, len(known))
	for i, t := range known {
		words[i] = string(t)
	}
	if near := text.Nearest(string(word), words); len(near) > 0 {
		p.WithHint("did you mean %s?", near[0])
	}
}
