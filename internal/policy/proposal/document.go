package proposal

import (
	"time"

	"btadmin/internal/accessdiff"
	"btadmin/internal/change"
	"btadmin/internal/policy/assert"
	"btadmin/internal/policy/document"
	"btadmin/internal/policy/reconcile"
	"btadmin/pkg/braintrust"
)

// Document is a proposal as JSON. Fields are added, never renamed.
type Document struct {
	Organization string    `json:"organization"`
	OrgID        string    `json:"org_id"`
	Host         string    `json:"host"`
	Files        []string  `json:"files"`
	Taken        time.Time `json:"taken"` // when the organization was read
	Requests     int       `json:"requests"`
	// Differs says that an apply has something to do.
	Differs     bool                  `json:"differs"`
	PlanHash    string                `json:"plan_hash"` // "" when there is nothing to do
	Saved       string                `json:"saved"`     // the file of the plan, "" when it was not saved
	Counts      Counts                `json:"counts"`
	Differences []Difference          `json:"differences"`
	Changes     []change.Line         `json:"changes"` // the steps, in their order
	Access      accessdiff.Document   `json:"access"`
	Guards      []change.Finding      `json:"guards"` // that fired
	Patterns    []Pattern             `json:"patterns"`
	Tests       []assert.TestDocument `json:"tests"`
	Warnings    []Warning             `json:"warnings"`
}

// Counts are how many differences there are of each sort.
type Counts struct {
	Create   int `json:"create"`
	Update   int `json:"update"`
	Add      int `json:"add"`
	Remove   int `json:"remove"`
	Delete   int `json:"delete"`
	Reported int `json:"reported"` // not owned by the document: left as they are
}

// Place is a place in a policy file.
type Place struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

// Difference is one thing that is not as the document asks.
type Difference struct {
	Kind    string `json:"kind"`   // member, group, membership, grant, role, service_account, token, project
	Action  string `json:"action"` // create, update, add, remove, delete, report, absent
	Subject string `json:"subject"`
	Detail  string `json:"detail"`
	// Grant is the raw tuple of a grant, else null.
	Grant *braintrust.ACLItem `json:"grant"`
	Place
}

// Pattern is a pattern over projects and what it stands for now.
type Pattern struct {
	Subject  string   `json:"subject"`
	Pattern  string   `json:"pattern"`
	Projects []string `json:"projects"`
	New      []string `json:"new"` // of these: nothing was granted there so far
	Place
}

// Warning is a remark about the document.
type Warning struct {
	Message string `json:"message"`
	Hint    string `json:"hint"`
	Place
}

func place(p document.Pos) Place { return Place{File: p.File(), Line: p.Line(), Column: p.Column()} }

// Differences are those of a comparison as JSON.
func Differences(all []reconcile.Difference) []Difference {
	out := make([]Difference, len(all))
	for i, d := range all {
		out[i] = Difference{Kind: string(d.Kind), Action: string(d.Action), Subject: d.Subject, Detail: d.Detail, Grant: d.Grant, Place: place(d.At)}
	}
	return out
}

// Patterns are those of a comparison as JSON.
func Patterns(all []reconcile.Match) []Pattern {
	out := make([]Pattern, len(all))
	for i, m := range all {
		out[i] = Pattern{
			Subject: m.Group, Pattern: m.Pattern, Projects: append([]string{}, m.Projects...), New: append([]string{}, m.New...), Place: place(m.At),
		}
	}
	return out
}

// Counts counts the differences.
func (p *Proposal) Counts() Counts {
	var c Counts
	for _, d := range p.Result.Differences {
		switch d.Action {
		case reconcile.ActionCreate:
			c.Create++
		case reconcile.ActionUpdate:
			c.Update++
		case reconcile.ActionAdd:
			c.Add++
		case reconcile.ActionRemove:
			c.Remove++
		case reconcile.ActionDelete:
			c.Delete++
		default:
			c.Reported++
		}
	}
	return c
}

// Document is the proposal as JSON.
func (p *Proposal) Document() Document {
	org := p.Before.Snapshot.Organization
	d := Document{
		Organization: org.Name, OrgID: org.ID, Host: p.Before.Meta.Host, Files: append([]string{}, p.Policy.Files...), Taken: p.Before.Meta.Taken, Requests: p.Requests,
		Differs: p.Result.Changes(), Saved: p.Saved, Counts: p.Counts(), Differences: Differences(p.Result.Differences), Changes: p.Lines(),
		Access: accessdiff.Documents(p.Access, p.Names), Guards: []change.Finding{}, Patterns: Patterns(p.Result.Matches), Tests: assert.Documents(p.Tests).Tests, Warnings: []Warning{},
	}
	if p.Review != nil {
		d.PlanHash = p.Review.Hash
		d.Guards = append(d.Guards, p.Review.Findings...)
	}
	for _, w := range p.Remarks() {
		d.Warnings = append(d.Warnings, Warning{Message: w.Message, Hint: w.Hint, Place: place(w.At)})
	}
	return d
}
