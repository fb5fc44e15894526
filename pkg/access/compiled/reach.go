package compiled

// reach is what grants on a node can be about: the node's own kind, and for a container every kind of thing
// that is or may come to be inside.
type reach struct {
	low, high word // the lanes that count
	own       kind
	inside    bool
}

func (e *Engine) reachOf(node uint32) reach {
	const all = ^word(0)
	k := e.kindOf[node]
	r := reach{own: k, inside: true}
	switch {
	case k == kindOrganization:
		r.low, r.high = all, all
	case k == kindOrgProject || k == kindProjectGroup:
		r.low, r.high = all, wholeLane(k)
	case k == kindProject:
		r.low = all
	case k <= kindAny:
		r.low, r.inside = wholeLane(k), false
	case k < kindUnknown:
		r.high, r.inside = wholeLane(k), false
	default:
		r.low, r.inside = wholeLane(kindAny), false
	}
	return r
}

// wholeLane is every known permission in the lane of a kind.
func wholeLane(k kind) word { return word(AllKnown) << (k % lanesPerWord * knownRights) }

// of is the kind that shows whether a tuple without a bit is given by somebody else, too: none stands for a
// kind that no restriction names. It is false when the tuple gives nothing here.
func (r reach) of(t tuple) (kind, bool) {
	switch {
	case !r.inside:
		return r.own, t.reaches(r.own)
	case t.restrict == kindAny:
		return none, true
	case t.restrict < kindAny:
		return t.restrict, r.low&wholeLane(t.restrict) != 0
	case t.restrict < kindUnknown:
		return t.restrict, r.high&wholeLane(t.restrict) != 0
	}
	return t.restrict, true
}

// gives reports whether a gift gives anything here.
func (r reach) gives(g *gift) bool {
	if g.low&r.low|g.high&r.high != 0 {
		return true
	}
	for _, t := range g.odd {
		if _, something := r.of(t); something {
			return true
		}
	}
	return false
}
