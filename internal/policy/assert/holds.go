package assert

import (
	"fmt"
	"slices"

	"btadmin/internal/orgview"
	"btadmin/pkg/access"
	"btadmin/pkg/access/compiled"
	"btadmin/pkg/braintrust"
)

// placed is a single object that has grants of its own, and the project that it is in, "" when nobody knows.
type placed struct {
	node    access.Node
	project string
}

// directGrants lists the objects on which somebody has grants, by their type and by who has them.
func directGrants(v *orgview.View) map[braintrust.ObjectType]map[access.Principal][]placed {
	home := map[access.Node]string{}
	for i := range v.Snapshot.Objects {
		home[v.Snapshot.Objects[i].Node()] = v.Snapshot.Objects[i].ProjectID
	}
	out := map[braintrust.ObjectType]map[access.Principal][]placed{}
	for _, acl := range v.Snapshot.ACLs {
		n := access.NodeOf(acl.ACLItem)
		switch n.Type {
		case braintrust.ObjectExperiment, braintrust.ObjectDataset, braintrust.ObjectPrompt, braintrust.ObjectPromptSession:
		default:
			continue // asked about as a place
		}
		if out[n.Type] == nil {
			out[n.Type] = map[access.Principal][]placed{}
		}
		who := access.PrincipalOf(acl.ACLItem)
		if one := (placed{n, home[n]}); !slices.Contains(out[n.Type][who], one) {
			out[n.Type][who] = append(out[n.Type][who], one)
		}
	}
	return out
}

// must notes everybody who may not do everything everywhere. What a spot above implies is not asked, and what is missing
// there is not told again.
func (x *run) must(r *Result, who []access.Principal, asks []ask) {
	for _, p := range who {
		s, known := x.view.Engine().Subject(p)
		for _, a := range asks {
			missing := make([]compiled.Mask, len(a.spots))
			for i, at := range a.spots {
				if at.implied {
					continue
				}
				r.Asked++
				missing[i] = at.want &^ x.byMembership(p, at)
				if known {
					missing[i] &^= x.view.Engine().Mask(s, at.at)
				}
				tell := missing[i]
				if at.above >= 0 {
					tell &^= missing[at.above]
				}
				if tell != 0 {
					r.Failures = append(r.Failures, Failure{
						Principal: p, Word: a.word, Permissions: tell.Permissions(), Node: at.node, Child: at.child,
					})
				}
			}
		}
	}
}

// mustNot notes everything that somebody may do.
func (x *run) mustNot(r *Result, who []access.Principal, asks []ask) {
	for _, p := range who {
		for _, a := range asks {
			r.Asked += len(a.spots)
		}
		r.Failures = append(r.Failures, x.holds(p, asks)...)
	}
	x.unplaced(r, who, asks)
}

// holds lists what a principal may do of what is asked: the highest places, and what is not held above them.
func (x *run) holds(p access.Principal, asks []ask) []Failure {
	s, known := x.view.Engine().Subject(p)
	var out []Failure
	for _, a := range asks {
		held := make([]compiled.Mask, len(a.spots))
		members := x.wholeByMembership(p, s, known, a)
		for i, at := range a.spots {
			if known {
				held[i] = at.counted(x.view.Engine().Mask(s, at.at))
			}
			held[i] |= members[i]
			more := held[i]
			if at.above >= 0 {
				more &^= held[at.above]
			}
			out = appendHeld(out, p, a.word, more, at.node, at.child)
		}
		if !known {
			continue
		}
		for _, o := range x.objectsOf(p, a.kind) {
			i, asked := a.projects[o.project]
			if !asked && a.everyone >= 0 {
				i, asked = a.everyone, true
			}
			if !asked {
				continue
			}
			// Creating is not done on what is there.
			more := a.spots[i].counted(x.view.Engine().Effective(p, o.node)) &^ compiled.MaskOf(braintrust.PermissionCreate) &^ held[i]
			out = appendHeld(out, p, a.word, more, o.node, "")
		}
	}
	return out
}

// counted is what is wanted of what is held. Of managing access only what lets one get all of it: reading grants, or
// removing some, manages nothing, and whoever may add grants can give himself the rest.
func (s *spot) counted(held compiled.Mask) compiled.Mask {
	held &= s.want
	if s.want.Len() > 1 && s.want.Has(braintrust.PermissionCreateACLs) && !held.Has(braintrust.PermissionCreateACLs) {
		return 0
	}
	return held
}

// byMembership is what a principal may do at a spot without any grant, as a member of the organization.
func (x *run) byMembership(p access.Principal, at spot) compiled.Mask {
	if at.child != "" || !x.state.ByMembership(p, braintrust.PermissionRead, at.node) {
		return 0
	}
	return at.want & compiled.MaskOf(braintrust.PermissionRead)
}

// wholeByMembership is what membership adds at each spot to what is held of a word, where the word is then held as a whole.
// A part that everybody has, and that nobody can take away, is not what a test means that somebody must not have.
func (x *run) wholeByMembership(p access.Principal, s compiled.Subject, known bool, a ask) []compiled.Mask {
	out := make([]compiled.Mask, len(a.spots))
	some := false
	for i, at := range a.spots {
		out[i] = x.byMembership(p, at)
		some = some || out[i] != 0
	}
	if !some {
		return out
	}
	for i, at := range a.spots {
		missing := at.want &^ out[i]
		if known {
			missing &^= x.view.Engine().Mask(s, at.at)
		}
		if missing != 0 {
			return make([]compiled.Mask, len(a.spots))
		}
	}
	return out
}

func appendHeld(out []Failure, p access.Principal, word string, held compiled.Mask, n access.Node, child braintrust.ObjectType) []Failure {
	if held == 0 {
		return out
	}
	return append(out, Failure{Principal: p, Holds: true, Word: word, Permissions: held.Permissions(), Node: n, Child: child})
}

// objectsOf lists the objects of a type that grants to a principal, or to a group that counts for it, name.
func (x *run) objectsOf(p access.Principal, kind braintrust.ObjectType) []placed {
	direct := x.direct[kind]
	if len(direct) == 0 {
		return nil
	}
	var groups []string
	if p.Kind == access.PrincipalGroup {
		groups = x.state.GroupsAbove(p.ID)
	} else {
		groups = x.state.GroupsOf(p.ID)
	}
	out := slices.Clone(direct[p])
	for _, id := range groups {
		for _, o := range direct[access.Principal{Kind: access.PrincipalGroup, ID: id}] {
			if !slices.Contains(out, o) {
				out = append(out, o)
			}
		}
	}
	return out
}

// unplaced warns of objects that could be in a project that is asked about: the API does not tell where playgrounds
// are.
func (x *run) unplaced(r *Result, who []access.Principal, asks []ask) {
	if len(asks) == 0 || asks[0].kind == "" || asks[0].everyone >= 0 {
		return
	}
	var told []access.Node
	for _, p := range who {
		for _, o := range x.objectsOf(p, asks[0].kind) {
			if o.project == "" && x.state.Exists(o.node) && !slices.Contains(told, o.node) {
				told = append(told, o.node)
				r.Warnings = append(r.Warnings, fmt.Sprintf("grants on %s were not counted: nobody knows which project it is in", x.names.Node(o.node)))
			}
		}
	}
}
