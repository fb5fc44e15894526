package sandbox

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/google/uuid"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// nestingDepth is how deep the chain of groups of a large organization goes, where there are enough of them.
const nestingDepth = 50

// withCounts fills in what was not said.
func (spec SeedSpec) withCounts() SeedSpec {
	if spec.Users+spec.Groups+spec.Projects+spec.ACLs == 0 {
		spec.Users, spec.Groups, spec.Projects, spec.ACLs = 1000, 100, 50, 5000
	}
	return spec
}

// newIDs draws ids that are the same for the same seed.
func newIDs(seed uint64) func() string {
	source := source(seed, "ids")
	return func() string {
		id, err := uuid.NewRandomFromReader(source)
		if err != nil {
			panic(fmt.Sprintf("sandbox: %v", err)) // the generator does not end
		}
		return id.String()
	}
}

func source(seed uint64, purpose string) *rand.ChaCha8 {
	var key [32]byte
	copy(key[:], fmt.Sprintf("%-16s%016x", purpose, seed))
	return rand.NewChaCha8(key)
}

// large is a made-up organization of a given size, the same for the same seed: one group with four fifths of the
// users, a chain of nested groups, one cycle, and grants spread over projects. The owner, his account and the
// built-in groups with their grants come on top of the counts.
func (g *seeder) large(spec SeedSpec) {
	draw := rand.New(source(spec.RandomSeed, "choices"))
	users := make([]string, spec.Users)
	for i := range users {
		users[i] = g.id()
		name := fmt.Sprintf("user%05d", i+1)
		g.user(users[i], document{
			"given_name": quoted(fmt.Sprintf("User%05d", i+1)), "family_name": quoted("Large"),
			"email": quoted(name + "@large.example.com"),
		}, userRow{})
	}
	groups := g.largeGroups(spec.Groups, users, draw)
	projects := make([]string, spec.Projects)
	for i := range projects {
		projects[i] = g.id()
		g.put(kindProject, projects[i], document{"name": quoted(fmt.Sprintf("Project %05d", i+1))})
	}
	g.largeGrants(spec.ACLs, users, groups, projects, draw)
}

func (g *seeder) largeGroups(n int, users []string, draw *rand.Rand) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = g.id()
	}
	depth := min(nestingDepth, n/4)
	for i, id := range ids {
		var members, nested []string
		switch {
		case i == 0:
			members = users[:len(users)*4/5]
		case len(users) > 0:
			for range 1 + draw.IntN(12) {
				members = append(members, users[draw.IntN(len(users))])
			}
		}
		switch {
		case i >= 1 && i < depth: // a chain: the users of the last receive what the first is granted
			nested = []string{ids[i+1]}
		case n >= 8 && i == n-1: // a cycle
			nested = []string{ids[n-2]}
		case n >= 8 && i == n-2:
			nested = []string{ids[n-1]}
		}
		g.put(kindGroup, id, document{
			"name": quoted(fmt.Sprintf("Group %05d", i+1)), "description": quoted("Made by the seed large"), "member_groups": list(nested),
		})
		g.addMembers(id, members)
	}
	return ids
}

func (g *seeder) largeGrants(n int, users, groups, projects []string, draw *rand.Rand) {
	if len(projects) == 0 || len(users)+len(groups) == 0 {
		return
	}
	restricts := []braintrust.ObjectType{"", "", braintrust.ObjectExperiment, braintrust.ObjectDataset, braintrust.ObjectPrompt, braintrust.ObjectProjectLog}
	permissions := braintrust.Permissions()
	made := 0
	for tries := 0; made < n && tries < 20*n+1000; tries++ { // small organizations have fewer different grants
		p := user("")
		if len(groups) > 0 && (len(users) == 0 || draw.IntN(10) < 8) {
			p = group(groups[draw.IntN(len(groups))])
		} else {
			p.ID = users[draw.IntN(len(users))]
		}
		n := access.Node{Type: braintrust.ObjectProject, ID: projects[draw.IntN(len(projects))]}
		tuple := access.Tuple{Permission: permissions[draw.IntN(len(permissions))], Restrict: restricts[draw.IntN(len(restricts))]}
		if g.grantItem(access.GrantItem(p, n, tuple)) {
			made++
		}
	}
}

// cutLast splits name:type.
func cutLast(s string) (name, kind string) {
	i := strings.LastIndexByte(s, ':')
	return s[:i], s[i+1:]
}
