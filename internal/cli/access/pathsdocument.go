package access

import (
	"btadmin/internal/explain"
	"btadmin/internal/orgview"
	"btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/access/paths"
	"btadmin/pkg/braintrust"
)

// pathsDocument answers who could get a power. Fields are added, never renamed.
type pathsDocument struct {
	To       string    `json:"to"` // owner, or what access would be managed on
	Exists   bool      `json:"exists"`
	Holders  []holder  `json:"holders"` // who has the power already
	Climbers []climber `json:"climbers"`
	Cuts     []cut     `json:"cuts"`
	Complete bool      `json:"complete"` // false: some grants could not be read, so there may be more
}

// holder is a member, and how others could act as him.
type holder struct {
	Principal   string `json:"principal"`
	PrincipalID string `json:"principal_id"`
	Kind        string `json:"kind"` // person, service_account or unknown
	// Tokens is how many service tokens act as him, null when tokens could not be listed. Who has them is
	// written nowhere.
	Tokens *int `json:"tokens"`
}

type climber struct {
	holder
	Steps int    `json:"steps"`
	Chain []step `json:"chain"`
	Power proof  `json:"power"` // what the goal rests on in the end
	Text  string `json:"text"`  // the end, in words
}

type step struct {
	Action  string  `json:"action"` // join-group, edit-role or grant
	On      string  `json:"on"`
	OnType  string  `json:"on_type"`
	OnID    string  `json:"on_id"`
	Right   string  `json:"right"`   // the permission that he has on it
	By      proof   `json:"by"`      // why he has it
	Carried []proof `json:"carried"` // the grants that carry what is added to a role
	Text    string  `json:"text"`    // the step, in words
}

// proof is a stored grant, or an earlier step, or both.
type proof struct {
	ACLID     string   `json:"acl_id"` // "" without a stored grant
	BuiltIn   bool     `json:"builtin"`
	Through   []string `json:"through"`    // from him, or from the group that he joined, to the subject of the grant
	AfterStep int      `json:"after_step"` // 0: none
}

// cut is a grant or a nesting whose removal stops somebody.
type cut struct {
	ACLID       string   `json:"acl_id"`
	Group       string   `json:"group"`
	MemberGroup string   `json:"member_group"`
	Stops       []string `json:"stops"`
	Text        string   `json:"text"`
	Fix         string   `json:"fix"`
}

// describer turns a report into a document, with names.
type describer struct {
	view  *orgview.View
	goal  paths.Goal
	name  string
	count map[string]int // tokens
}

func pathsDocumentOf(report *paths.Report, name string, view *orgview.View) *pathsDocument {
	d := describer{view: view, goal: report.Goal, name: name, count: map[string]int{}}
	for _, token := range view.Snapshot.Tokens {
		d.count[token.ServiceAccountID]++
	}
	doc := &pathsDocument{
		To: name, Exists: report.Exists, Holders: []holder{}, Climbers: []climber{}, Cuts: []cut{},
		Complete: view.Meta.AllGrants() && len(view.Meta.Unread) == 0,
	}
	for _, id := range report.Holders {
		doc.Holders = append(doc.Holders, d.holder(id))
	}
	for _, c := range report.Climbers {
		doc.Climbers = append(doc.Climbers, d.climber(c))
	}
	for _, c := range report.Cuts {
		doc.Cuts = append(doc.Cuts, d.cut(c))
	}
	return doc
}

func (d *describer) principal(p access.Principal) string { return d.view.Names().Principal(p) }
func (d *describer) node(n access.Node) string {
	if n == d.goal.Node && !d.goal.Owner {
		return d.name
	}
	return d.view.Names().Node(n)
}

func (d *describer) holder(id string) holder {
	h := holder{Principal: d.principal(access.Principal{Kind: access.PrincipalUser, ID: id}), PrincipalID: id, Kind: "unknown"}
	if m, known := d.view.Members.ByID(id); known {
		h.Kind = string(m.Kind)
	}
	if d.view.Snapshot.TokensKnown {
		tokens := d.count[id]
		h.Tokens = &tokens
	}
	return h
}

func (d *describer) climber(c paths.Climber) climber {
	out := climber{holder: d.holder(c.UserID), Steps: len(c.Links), Chain: []step{}, Power: d.proof(c.Power)}
	for _, link := range c.Links {
		s := step{
			Action: string(link.Action), On: d.node(link.On), OnType: string(link.On.Type), OnID: link.On.ID,
			Right: string(link.Right), By: d.proof(link.By), Carried: []proof{}, Text: d.sentence(link),
		}
		for _, p := range link.Carried {
			s.Carried = append(s.Carried, d.proof(p))
		}
		out.Chain = append(out.Chain, s)
	}
	out.Text = d.end(c)
	return out
}

func (d *describer) proof(p paths.Proof) proof {
	out := proof{ACLID: p.ACL.ID, BuiltIn: p.BuiltIn, Through: []string{}, AfterStep: p.Step}
	if p.BuiltIn {
		out.ACLID = ""
	}
	for _, s := range p.Subjects {
		out.Through = append(out.Through, d.principal(s))
	}
	return out
}

func (d *describer) cut(c paths.Cut) cut {
	out := cut{ACLID: c.ACL.ID, Stops: []string{}}
	for _, id := range c.Stopped {
		out.Stops = append(out.Stops, d.principal(access.Principal{Kind: access.PrincipalUser, ID: id}))
	}
	if c.ACL.ID != "" {
		out.Text = "the grant of " + d.gift(c.ACL) + " to " + d.principal(access.PrincipalOf(c.ACL.ACLItem)) + " on " + d.node(access.NodeOf(c.ACL.ACLItem))
		out.Fix = text.ShellLine("btadmin", "acl", "delete", c.ACL.ID)
		return out
	}
	group, inner := access.Principal{Kind: access.PrincipalGroup, ID: c.Group}, access.Principal{Kind: access.PrincipalGroup, ID: c.Inner}
	out.Group, out.MemberGroup = d.principal(group), d.principal(inner)
	out.Text = out.MemberGroup + " as a member group of " + out.Group
	out.Fix = text.ShellLine("btadmin", "groups", "members", "remove", d.view.Names().Group(c.Group), out.MemberGroup)
	return out
}

// gift is what a grant gives, in a word.
func (d *describer) gift(a braintrust.ACL) string {
	switch {
	case a.RoleID != "":
		return d.view.Names().Node(access.Node{Type: braintrust.ObjectRole, ID: a.RoleID})
	case a.RestrictObjectType != "":
		return string(a.Permission) + " for " + explain.Restriction(string(a.RestrictObjectType))
	}
	return string(a.Permission)
}
