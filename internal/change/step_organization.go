package change

import (
	"net/url"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// PatchOrganization changes the organization's settings. Organization is how it was before.
type PatchOrganization struct {
	Organization braintrust.Organization
	Patch        braintrust.OrganizationPatch
	Changes      []string                // for people: "name: Acme"
	Out          braintrust.Organization `json:"-"`
}

// Lines implements Step.
func (p *PatchOrganization) Lines(Namer) []Line {
	lines := make([]Line, len(p.Changes))
	for i, change := range p.Changes {
		lines[i] = Line{Action: "update", Target: "organization " + p.Organization.Name, Detail: change}
	}
	return lines
}

func (p *PatchOrganization) phase() phase                       { return phaseAdd }
func (p *PatchOrganization) size() int                          { return 1 }
func (p *PatchOrganization) needs(braintrust.Organization) need { return need{} }
func (p *PatchOrganization) apply(*access.State)                {}
func (p *PatchOrganization) bind(map[string]string)             {}

func (p *PatchOrganization) target() string { return p.Organization.ID }

func (p *PatchOrganization) run(e *execution) error {
	out, err := e.client.UpdateOrganization(e.ctx, p.Organization.ID, p.Patch)
	p.Out = out
	return err
}

// RawRequest is a request that a person typed (btadmin api). It runs no guards, but obeys --dry-run and is
// journaled. Its query and body are not: they may hold anything.
type RawRequest struct {
	Method, Path string
	Query        url.Values           `json:"-"`
	Body         []byte               `json:"-"`
	Out          *braintrust.Response `json:"-"`
}

// Lines implements Step.
func (r *RawRequest) Lines(Namer) []Line {
	target := r.Method + " " + r.Path
	if len(r.Query) > 0 {
		target += "?" + r.Query.Encode()
	}
	return []Line{{Action: "send", Target: target, Detail: string(r.Body)}}
}

func (r *RawRequest) phase() phase                       { return phaseAdd }
func (r *RawRequest) size() int                          { return 1 }
func (r *RawRequest) needs(braintrust.Organization) need { return need{} }
func (r *RawRequest) apply(*access.State)                {}
func (r *RawRequest) bind(map[string]string)             {}

func (r *RawRequest) run(e *execution) error {
	out, err := e.client.Do(e.ctx, r.Method, r.Path, r.Query, r.Body)
	r.Out = out
	return err
}
