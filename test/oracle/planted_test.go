package oracle_test

import (
	"slices"
	"testing"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// The comparison has to be able to fail. Each of these is a mistake that an evaluator could make, made by showing the
// witnesses an organization that is wrong in that way: every one of them has to be caught contradicting the
// definition.
func mistakes() map[string]func(*access.Snapshot) {
	return map[string]func(*access.Snapshot){
		"nesting of groups turned round": func(s *access.Snapshot) {
			inner := map[string][]string{}
			for _, g := range s.Groups {
				for _, id := range g.MemberGroups {
					inner[id] = append(inner[id], g.ID)
				}
			}
			for i := range s.Groups {
				s.Groups[i].MemberGroups = inner[s.Groups[i].ID]
			}
		},
		"restrictions ignored": func(s *access.Snapshot) {
			for i := range s.ACLs {
				s.ACLs[i].RestrictObjectType = ""
			}
		},
		"roles inside roles ignored": func(s *access.Snapshot) {
			for i := range s.Roles {
				s.Roles[i].MemberRoles = nil
			}
		},
		"project groups ignored": func(s *access.Snapshot) { s.ProjectGroups = nil },
		"deleted groups alive": func(s *access.Snapshot) {
			for i := range s.Groups {
				s.Groups[i].DeletedAt = nil
			}
		},
		"one grant lost": func(s *access.Snapshot) { s.ACLs = s.ACLs[1:] },
	}
}

func TestMistakesAreCaught(t *testing.T) {
	t.Parallel()
	for name, make := range mistakes() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for seed := uint64(1000); seed < 1100; seed++ {
				right, wrong := organization(seed), copied(organization(seed))
				make(wrong)
				if same(right, wrong) {
					continue // the mistake makes no difference here
				}
				n, err := compare(right, users(right), witnesses(t, right, wrong))
				if err != nil {
					t.Fatal(err)
				}
				for _, witness := range []string{"the compiled engine", "OpenFGA", "cedar-go"} {
					if len(n.differ[witness]) == 0 {
						t.Errorf("seed %d: %s was shown a wrong organization and nothing differed", seed, witness)
					}
				}
				return
			}
			t.Error("the mistake makes no difference to any organization")
		})
	}
}

func copied(s *access.Snapshot) *access.Snapshot {
	c := *s
	c.Groups, c.Roles, c.ACLs = slices.Clone(s.Groups), slices.Clone(s.Roles), slices.Clone(s.ACLs)
	return &c
}

// same reports whether the definition answers everything alike in both.
func same(a, b *access.Snapshot) bool {
	one, other := access.NewState(a), access.NewState(b)
	one.AddImplied()
	other.AddImplied()
	for _, p := range users(a) {
		for _, n := range nodes(a) {
			for _, permission := range braintrust.Permissions() {
				if one.Allowed(p, permission, n) != other.Allowed(p, permission, n) {
					return false
				}
			}
		}
	}
	return true
}
