package report

import (
	"cmp"
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"time"

	"btadmin/internal/orgstate"
	"btadmin/internal/text"
)

// Page is everything that a page says.
type Page struct {
	Organization string
	Facts        []Fact   // where it is from
	Figures      []Figure // how much of what
	Missing      []string // what could not be seen
	Holders      list
	Climbers     int
	Certain      bool // no grants are hidden that could make more climbers
	Routes       []route
	MoreRoutes   int
	Cuts         []cut
	Rules        []rule
	Skipped      []string
	Changes      *changes
	data         []byte
}

// Fact is one line about the page itself.
type Fact struct{ Name, Text string }

// Figure is a number and what it counts.
type Figure struct {
	Number, Name, Detail string
	Href                 string // the part of the page that lists them, "" for none
	Alarm                bool
}

// list is some names and the number of those that are not spelled out.
type list struct {
	Names []string
	More  int
}

// command is a command line. One that has something invisible in it cannot be copied from the page.
type command struct {
	Text string
	Safe bool
}

type route struct {
	Who   list
	Steps []string
	End   string
}

type cut struct {
	Text  string
	Fix   command
	Stops int
}

// What is listed on the page; commands of btadmin list all.
const (
	mostNames    = 12
	mostRoutes   = 40
	mostFindings = 20
	mostFixes    = 3
	mostChanges  = 200
)

// Build makes the page.
func Build(in Input) (*Page, error) {
	e := encode(in.View, mostGrants)
	encoded, err := e.json()
	if err != nil {
		return nil, fmt.Errorf("make the data of the report: %w", err)
	}
	fingerprint, err := in.View.Fingerprint()
	if err != nil {
		return nil, fmt.Errorf("make the fingerprint of the report: %w", err)
	}
	p := &Page{
		Organization: text.Visible(in.View.Snapshot.Organization.Name),
		Facts:        facts(in, fingerprint),
		Missing:      missing(in, e),
		Holders:      names(in.Escalation.Holders, mostNames*2),
		Climbers:     in.Escalation.Climbers,
		Certain:      in.Escalation.Complete,
		Skipped:      visible(in.Findings.Skipped),
		Rules:        rules(in.Findings.All),
		Changes:      changesOf(in.Changes),
		data:         encoded,
	}
	for i, r := range in.Escalation.Routes {
		if i == mostRoutes {
			p.MoreRoutes = len(in.Escalation.Routes) - i
			break
		}
		p.Routes = append(p.Routes, route{Who: names(r.Who, mostNames), Steps: visible(r.Steps), End: text.Visible(r.End)})
	}
	for _, c := range in.Escalation.Cuts {
		p.Cuts = append(p.Cuts, cut{Text: text.Visible(c.Text), Fix: commandOf(c.Fix), Stops: c.Stops})
	}
	p.Figures = figures(in, e)
	return p, nil
}

func facts(in Input, fingerprint string) []Fact {
	meta := in.View.Meta
	from := meta.Host
	if meta.File != "" {
		from = cmp.Or(meta.Host, "an unknown host") + ", by the snapshot " + meta.File
	}
	out := []Fact{
		{"Read", meta.Taken.UTC().Format("2 January 2006, 15:04 MST")},
		{"From", text.Visible(from)},
		{"Fingerprint", fingerprint},
		{"Made", in.Now.UTC().Format("2 January 2006, 15:04 MST") + " by btadmin " + in.Tool},
	}
	if in.Changes != nil {
		out = append(out, Fact{"Compared with", text.Visible(in.Changes.File) + " of " + in.Changes.Taken.UTC().Format("2 January 2006, 15:04 MST")})
	}
	return out
}

// missing says what the page cannot know, so that nobody takes its silence for a "no".
func missing(in Input, e *encoder) []string {
	meta, s := in.View.Meta, in.View.Snapshot
	var out []string
	if meta.NoOrgACLs {
		out = append(out, "The key could not list the grants of the organization as a whole: what it may not list may be granted to more people than this page shows.")
	}
	if n := len(meta.Unread); n > 0 {
		out = append(out, fmt.Sprintf("The grants on %s were refused.", text.Count(n, "thing")))
	}
	if !s.TokensKnown {
		out = append(out, "Service tokens could not be listed: who is a service account is told from addresses alone.")
	}
	unplaced := 0
	for _, project := range e.d.Objects.Project {
		if project < 0 {
			unplaced++
		}
	}
	if unplaced > 0 {
		out = append(out, fmt.Sprintf("Nobody says which project %s in: what is granted on them, which is named in the drawing only, is in no cell.", plural(unplaced, "1 thing is", thousands(unplaced)+" things are")))
	}
	if e.left > 0 {
		out = append(out, fmt.Sprintf("%s on single experiments, datasets, prompts and playgrounds are not in this page, because a browser would not cope: cells may lack small letters. btadmin access explain knows them.", thousands(e.left)+" grants"))
	}
	return out
}

func figures(in Input, e *encoder) []Figure {
	var people, accounts, unknown int
	for _, m := range in.View.Members.All {
		switch m.Kind {
		case orgstate.Person:
			people++
		case orgstate.ServiceAccount:
			accounts++
		case orgstate.Unknown:
			unknown++
		}
	}
	detail := ""
	if unknown > 0 {
		detail = thousands(unknown) + " more of unknown kind"
	}
	bySeverity := map[string]int{}
	for _, f := range in.Findings.All {
		bySeverity[f.Severity]++
	}
	out := []Figure{
		{Number: thousands(people), Name: plural(people, "person", "people"), Detail: detail},
		{Number: thousands(accounts), Name: plural(accounts, "service account", "service accounts"), Detail: tokens(in)},
		{Number: thousands(len(e.groups)), Name: plural(len(e.groups), "group", "groups"), Href: "#groups"},
		{Number: thousands(len(e.project)), Name: plural(len(e.project), "project", "projects"), Href: "#matrix"},
		{Number: thousands(len(in.View.Snapshot.ACLs)), Name: plural(len(in.View.Snapshot.ACLs), "stored grant", "stored grants")},
		{Number: thousands(len(in.Escalation.Holders)), Name: plural(len(in.Escalation.Holders), "super-user", "super-users"), Href: "#super-users"},
		{
			Number: thousands(in.Escalation.Climbers), Name: "could become super-user", Href: "#super-users", Alarm: in.Escalation.Climbers > 0,
		},
		{
			Number: thousands(len(in.Findings.All)), Name: plural(len(in.Findings.All), "finding", "findings"), Href: "#findings", Alarm: bySeverity["error"] > 0,
			Detail: strings.Join([]string{count(bySeverity["error"], "error"), count(bySeverity["warning"], "warning"), count(bySeverity["note"], "note")}, ", "),
		},
	}
	return out
}

func tokens(in Input) string {
	if !in.View.Snapshot.TokensKnown {
		return ""
	}
	return count(len(in.View.Snapshot.Tokens), "token")
}

func names(all []string, most int) list {
	if len(all) > most {
		return list{visible(all[:most]), len(all) - most}
	}
	return list{Names: visible(all)}
}

func visible(all []string) []string {
	out := make([]string, len(all))
	for i, s := range all {
		out[i] = text.Visible(s)
	}
	return out
}

func commandOf(line string) command { return command{text.Visible(line), !text.Unsafe(line)} }

func plural(n int, one, more string) string {
	if n == 1 {
		return one
	}
	return more
}

func count(n int, noun string) string { return thousands(n) + " " + plural(n, noun, noun+"s") }

// thousands writes 12345 as 12,345.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Data is the JSON that the scripts of the page read. Nothing in it can end the element that it stands in.
func (p *Page) Data() template.HTML {
	return template.HTML(`<script type="application/json" id="data">` + string(p.data) + `</script>`) //nolint:gosec // see encoder.json, and the fuzz test
}

// Date is a time as the page writes it.
func date(t time.Time) string { return t.UTC().Format("2 January 2006") }
