package sandbox

// Status is what there is, for people.
type Status struct {
	Dir             string   `json:"dir,omitzero"` // empty in memory
	OrgID           string   `json:"org_id"`
	OrgName         string   `json:"org_name"`
	Plan            Plan     `json:"plan"`
	Seed            SeedKind `json:"seed"`
	People          int      `json:"people"`
	ServiceAccounts int      `json:"service_accounts"`
	Groups          int      `json:"groups"`
	Roles           int      `json:"roles"` // system roles included
	Projects        int      `json:"projects"`
	ProjectGroups   int      `json:"project_groups"`
	Objects         int      `json:"objects"` // experiments, datasets, prompts, functions, playgrounds
	ACLs            int      `json:"acls"`
	ServiceTokens   int      `json:"service_tokens"`
	APIKeys         int      `json:"api_keys"`
}

// Status counts what is live.
func (s *Server) Status() Status {
	s.mu.RLock()
	defer s.mu.RUnlock()
	w := s.world
	st := Status{
		Dir: s.dir, OrgID: w.orgID(), OrgName: w.orgName(), Plan: s.plan(w), Seed: w.meta.Kind,
		Groups: w.count(kindGroup), Roles: w.count(kindRole), Projects: w.count(kindProject),
		ProjectGroups: w.count(kindProjectGroup), ACLs: w.count(kindACL),
		ServiceTokens: w.count(kindServiceToken), APIKeys: w.count(kindAPIKey),
	}
	for _, r := range w.table(kindUser).rows {
		switch {
		case !r.live():
		case isAccount(r):
			st.ServiceAccounts++
		default:
			st.People++
		}
	}
	for _, kind := range inProject() {
		st.Objects += w.count(kind)
	}
	return st
}

func (w *world) count(kind string) int {
	n := 0
	for _, r := range w.table(kind).rows {
		if r.live() {
			n++
		}
	}
	return n
}
