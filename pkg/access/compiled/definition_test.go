package compiled_test

import (
	"fmt"
	"iter"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"btadmin/pkg/access"
	"btadmin/pkg/access/compiled"
	"btadmin/pkg/braintrust"
)

// example is one organization of testdata/definition.txt with the questions about it.
type example struct {
	name     string
	snapshot access.Snapshot
	implied  bool
	asked    []asked
}

// asked is a question with the answer that was worked out by hand.
type asked struct {
	line       int
	verb       string // yes, no, owner, no-owner, who
	who        access.Principal
	permission braintrust.Permission
	node       access.Node
	child      braintrust.ObjectType
	named      map[access.Principal]bool
	why        string
}

// The answers of both evaluators, asked in every way.
func TestDefinitionByExample(t *testing.T) {
	t.Parallel()
	all := examples(t)
	if len(all) < 50 {
		t.Fatalf("only %d examples were read", len(all))
	}
	for _, x := range all {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			state := access.NewState(&x.snapshot)
			engine := compiled.Compile(&x.snapshot)
			if x.implied {
				state.AddImplied()
				engine = compiled.Compile(&x.snapshot, compiled.WithImplied())
			}
			for _, q := range x.asked {
				for way, got := range answers(q, state, engine) {
					if want := q.verb == "yes" || q.verb == "owner" || q.verb == "who"; got != want {
						t.Errorf("line %d: %s says %v, but %s", q.line, way, got, q.why)
					}
				}
			}
		})
	}
}

// answers asks one question in every way that there is.
func answers(q asked, state *access.State, engine *compiled.Engine) map[string]bool {
	child := q.child
	if child == "" {
		child = q.node.Type
	}
	holders, named := state.HoldersOfChild(q.permission, child, q.node), collect(engine.WhoCanChild(q.permission, child, q.node, compiled.Everybody))
	switch q.verb {
	case "owner", "no-owner":
		return map[string]bool{
			"the definition": state.IsOwner(q.who.ID), "the engine": engine.Owns(q.who),
			"the list of owners": slices.Contains(state.Owners(), q.who.ID),
		}
	case "who":
		return map[string]bool{"the definition: " + cmp.Diff(q.named, holders): maps.Equal(q.named, holders), "the engine: " + cmp.Diff(q.named, named): maps.Equal(q.named, named)}
	}
	all := map[string]bool{
		"the definition": state.AllowedChild(q.who, q.permission, child, q.node),
		"the engine":     engine.CheckChild(q.who, q.permission, child, q.node),
		"Holders":        holders[q.who], "WhoCan": named[q.who],
		"Explain": state.ExplainChild(q.who, q.permission, child, q.node).Allowed,
	}
	if mask := compiled.MaskOf(q.permission); mask != 0 {
		all["the engine's mask"] = engine.EffectiveChild(q.who, child, q.node)&mask != 0
	}
	if q.child != "" {
		return all
	}
	all["Effective"] = slices.Contains(state.Effective(q.who, q.node), q.permission)
	all["the engine's list of permissions"] = slices.Contains(engine.EffectivePermissions(q.who, q.node), q.permission)
	if mask := compiled.MaskOf(q.permission); mask != 0 {
		all["List"] = maps.Collect(engine.List(q.who, mask, q.node.Type))[q.node] != 0
	} else {
		all["ListOther"] = slices.Contains(slices.Collect(engine.ListOther(q.who, q.permission)), q.node)
	}
	return all
}

func collect(names iter.Seq[access.Principal]) map[access.Principal]bool {
	all := map[access.Principal]bool{}
	for p := range names {
		all[p] = true
	}
	return all
}

func examples(t *testing.T) []*example {
	t.Helper()
	raw, err := os.ReadFile("testdata/definition.txt")
	if err != nil {
		t.Fatal(err)
	}
	var all []*example
	number := 0
	for line := range strings.Lines(string(raw)) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if name, starts := strings.CutPrefix(line, "case "); starts {
			all = append(all, &example{name: name, snapshot: access.Snapshot{Organization: braintrust.Organization{ID: org}}})
			continue
		}
		if err := all[len(all)-1].read(number, line); err != nil {
			t.Fatalf("definition.txt:%d: %s: %v", number, line, err)
		}
	}
	return all
}

// lists are the words of a line by the word that introduces them; the first are under "".
func lists(words []string, heads ...string) map[string][]string {
	under, all := "", map[string][]string{}
	for _, word := range words {
		if slices.Contains(heads, word) {
			under = word
			all[under] = []string{}
			continue
		}
		all[under] = append(all[under], word)
	}
	return all
}

func (x *example) read(number int, line string) error {
	words := strings.Fields(line)
	verb, rest := words[0], lists(words[1:], "deleted", "users", "groups", "pairs", "roles", "projects")
	var gone *time.Time
	if rest["deleted"] != nil {
		gone = &time.Time{}
	}
	s := &x.snapshot
	switch verb {
	case "complete":
		s.Complete = true
	case "implied":
		x.implied = true
	case "users":
		for _, id := range words[1:] {
			s.Users = append(s.Users, braintrust.User{ID: id})
		}
	case "group":
		s.Groups = append(s.Groups, braintrust.Group{ID: words[1], Name: words[1], DeletedAt: gone, MemberUsers: rest["users"], MemberGroups: rest["groups"]})
	case "role":
		role := braintrust.Role{ID: words[1], Name: words[1], DeletedAt: gone, MemberRoles: rest["roles"]}
		for _, pair := range rest["pairs"] {
			permission, restrict, _ := strings.Cut(pair, "/")
			role.MemberPermissions = append(role.MemberPermissions, braintrust.RolePermission{Permission: braintrust.Permission(permission), RestrictObjectType: braintrust.ObjectType(restrict)})
		}
		s.Roles = append(s.Roles, role)
	case "project":
		s.Projects = append(s.Projects, braintrust.Project{ID: words[1], DeletedAt: gone})
	case "set":
		s.ProjectGroups = append(s.ProjectGroups, braintrust.ProjectGroup{ID: words[1], DeletedAt: gone, MemberProjects: rest["projects"]})
	case "object":
		s.Objects = append(s.Objects, access.Object{Kind: braintrust.ObjectKind(words[1]), Object: braintrust.Object{ID: words[2], ProjectID: words[3], DeletedAt: gone}})
	case "grant":
		return x.grant(words[1:])
	default:
		return x.ask(number, verb, line)
	}
	return nil
}

func (x *example) grant(words []string) error {
	if len(words) != 3 {
		return fmt.Errorf("a grant is a subject, a permission or role, and a node")
	}
	p, n := principalNamed(words[0]), nodeNamed(words[2])
	permission, restrict, _ := strings.Cut(words[1], "/")
	item := access.GrantItem(p, n, access.Tuple{Permission: braintrust.Permission(permission), Restrict: braintrust.ObjectType(restrict)})
	if role, is := strings.CutPrefix(words[1], "role:"); is {
		item = access.RoleItem(p, n, role)
	}
	x.snapshot.ACLs = append(x.snapshot.ACLs, braintrust.ACL{ID: fmt.Sprint("acl", len(x.snapshot.ACLs)), ACLItem: item})
	return nil
}

func (x *example) ask(number int, verb, line string) error {
	question, why, reasoned := strings.Cut(line, " : ")
	words := strings.Fields(question)[1:]
	q := asked{line: number, verb: verb, why: why, named: map[access.Principal]bool{}}
	if n := len(words); n > 2 && words[n-2] == "child" {
		q.child, words = braintrust.ObjectType(words[n-1]), words[:n-2]
	}
	switch {
	case !reasoned:
		return fmt.Errorf("a question needs its answer's reason after a colon")
	case (verb == "owner" || verb == "no-owner") && len(words) == 1:
		q.who = userOf(words[0])
	case verb == "who" && len(words) == 2:
		q.permission, q.node = braintrust.Permission(words[0]), nodeNamed(words[1])
		for _, name := range strings.Fields(why) {
			if group, is := strings.CutPrefix(name, "@"); is {
				q.named[groupOf(group)] = true
			} else if name != "nobody" {
				q.named[userOf(name)] = true
			}
		}
	case (verb == "yes" || verb == "no") && len(words) == 3:
		q.who, q.permission, q.node = principalNamed(words[0]), braintrust.Permission(words[1]), nodeNamed(words[2])
	default:
		return fmt.Errorf("not a line of this file")
	}
	x.asked = append(x.asked, q)
	return nil
}

func principalNamed(ref string) access.Principal {
	kind, id, _ := strings.Cut(ref, ":")
	return access.Principal{Kind: access.PrincipalKind(kind), ID: id}
}

func nodeNamed(ref string) access.Node {
	kind, id, named := strings.Cut(ref, ":")
	if !named {
		id = org
	}
	return access.Node{Type: braintrust.ObjectType(kind), ID: id}
}
