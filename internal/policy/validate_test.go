package policy_test

import (
	"fmt"
	"strings"
	"testing"

	"btadmin/internal/policy"
)

// findings lists what is wrong as LINE:COLUMN: MESSAGE (HINT), errors and warnings alike.
func findings(files ...policy.File) []string {
	_, problems := policy.Parse(files)
	var out []string
	for _, p := range problems.All() {
		line := fmt.Sprintf("%d:%d: %s", p.At.Line(), p.At.Column(), p.Message)
		if p.Hint != "" {
			line += " (" + p.Hint + ")"
		}
		out = append(out, line)
	}
	return out
}

// TestValidation: each document has one mistake, which is found at its place. Lines count from version: 1, org: acme.
func TestValidation(t *testing.T) {
	t.Parallel()
	const sameType = "the API keeps prompts, functions, scorers and classifiers as one type, so these rows must be the same"
	for _, tt := range []struct{ body, want string }{
		// words
		{"groups: {a: {permissions: {organization: [read_everything]}}}", `3:43: unknown permission "read_everything" for organization`},
		{"groups: {a: {permissions: {projects: {p: [manage_settings]}}}}", `3:43: unknown permission "manage_settings" for project`},
		{"groups: {a: {permissions: {projects: {p: ['read,update']}}}}", `"read,update" is not one word`},
		{"groups: {a: {permissions: {projects: {p: [read, update], q: ['read,update']}}}}", `3:62: "read,update" is not one word`},
		{"groups: {a: {permissions: {projects: {p: [], q: ['']}}}}", "3:50: an empty permission word"},
		{"groups: {a: {permissions: {projects: {p: [none, read]}}}}", `"none" stands alone`},
		{"groups: {a: {administered_by: {groups: {b: [craete]}}}}", "did you mean create?"},
		{"groups: {a: {permissions: {all_projects: read}}}", "3:42: groups.a.permissions.all_projects must be a list of words, or rows, not a single value (write [read])"},
		// annotations that say nothing
		{"groups: {a: {permissions: {organization: [manage_access], approved_by: ''}}}", "3:72: groups.a.permissions.approved_by is empty"},
		{"groups: {a: {approved_by: ' '}}", "3:27: groups.a.approved_by is empty"},
		{"groups: {a: {members: [{email: kim@x.example, reason: ''}]}}", "groups.a.members[0].reason is empty (write what it refers to, or leave the key out)"},
		{"vars: {ticket: ' '}\ngroups: {a: {approved_by: '${ticket}'}}", "4:27: approved_by is empty once variables are expanded"},
		// who is to leave is nowhere else
		{"members: [{email: kim@x.example, state: removed}]\ngroups: {a: {members: [KIM@x.example]}}", `4:24: "KIM@x.example" is to be removed, and is a member of the group "a" here`},
		{"members: [{email: kim@x.example, state: removed}]\ngroups: {a: {administered_by: {members: {kim@x.example: [read]}}}}", `"kim@x.example" is to be removed, and administers the group "a" here`},
		{"members: [{email: kim@x.example, state: removed}]\nroles: {r: {assigned_to: [{email: kim@x.example, on: [organization]}]}}", `"kim@x.example" is to be removed, and is assigned the role "r" here`},
		{"service_accounts: {bot: {state: removed}}\ngroups: {a: {members: ['sa:bot']}}", `"bot" is to be removed, and is a member of the group "a" here`},
		{"service_accounts: {bot: {state: removed}}\nguards: {owners: {must_include: ['sa:bot']}}", `"bot" is to be removed, and is required to be an owner here`},
		// one file for two tokens
		{"service_accounts: {bot: {tokens: {s: {store: {file: t.token}}, t: {store: {file: ./t.token}}}}}", `3:64: the token "bot/t" goes to the file of another token, "./t.token"`},
		// profiles and variables
		{"profiles: {r: {use: r}}", "a profile cannot take up another profile"},
		{"profiles: {r: {project: [fly]}}", `unknown permission "fly"`},
		{"profiles: {r: {project: [read], approved_by: X}}", "an approval belongs where the profile is used"},
		{"groups: {a: {permissions: {projects: {p: {use: r}}}}}", `the profile "r" is not defined`},
		{"vars: {v: x}\ngroups: {a: {permissions: {projects: {'${w}': []}}}}", `4:39: the variable "w" is not defined (did you mean ${v}?)`},
		{"vars: {v: '${w}'}", "has another variable in its value"},
		{"vars: {'a b': x}", "is no name of a variable"},
		{"groups: {'${': {}}", "${ without }"},
		{"vars: {v: a}\ngroups: {a: {}, '${v}': {}}", "is there twice once variables are expanded"},
		// rows that share a type
		{"groups: {a: {permissions: {projects: {p: {prompts: [read], scorers: [update]}}}}}", "3:69: scorers differs from prompts: " + sameType},
		{"roles: {r: {permissions: {functions: [read], classifiers: []}}}", "classifiers differs from functions: " + sameType},
		{"groups: {a: {permissions: {projects: {p: {datasets: [read], restricted: {dataset: [update]}}}}}}", "both are the type dataset of the API"},
		{"groups: {a: {permissions: {projects: {p: {restricted: {datset: [read]}}}}}}", `"datset" is no type of object that this btadmin knows (did you mean dataset?)`},
		{"groups: {a: {permissions: {projects: {p: {scorers: [read]}}}}}", "scorers share one store and one permission with prompts, functions and classifiers"},
		// objects
		{"groups: {a: {permissions: {objects: [{type: dataset, name: thing, allow: [read]}]}}}", `needs the key "project", or an id`},
		{"groups: {a: {permissions: {objects: [{type: playground, project: p, name: thing, allow: [read]}]}}}", "needs the id of the object"},
		{"groups: {a: {permissions: {objects: [{type: datset, project: p, name: thing, allow: [read]}]}}}", "did you mean the type dataset?"},
		{"groups: {a: {permissions: {objects: [{type: dataset, id: thing, allow: [read]}]}}}", `"thing" is no id`},
		{"groups: {a: {permissions: {objects: [{type: logs, project: p, name: thing, allow: [read]}]}}}", "a grant on a logs has no name"},
		{"groups: {a: {permissions: {objects: [{type: project, name: thing, allow: [read]}, {type: project, name: thing, allow: []}]}}}", "project:thing is granted on twice"},
		{"groups: {a: {permissions: {objects: [{type: organization, name: thing, allow: [read]}]}}}", "is one for the whole organization"},
		// patterns
		{"groups: {a: {permissions: {projects: {'p\\': [read]}}}}", "a backslash at the end"},
		{"manage: {ignore: {groups: ['']}}", "an empty name"},
		// members
		{"members: [ana]", `"ana" is no e-mail address`},
		{"members: [ana@x.example, ANA@X.EXAMPLE]", `3:26: "ANA@X.EXAMPLE" is a member twice`},
		{"members: [{email: a@x.example, state: removed, until: 2027-01-01}]", "is to be removed, and has something that only a member can have"},
		{"groups: {a: {members: [a b@x.example]}}", "is neither an e-mail address nor a reference"},
		{"groups: {a: {members: [group:a]}}", "cannot be a member of itself"},
		{"groups: {a: {members: [{email: a@x.example, until: 2027-01-01}, A@x.example]}}", "is a member of \"a\" twice, with different last days"},
		{"groups: {a: {members: ['user:nobody']}}", `"nobody" is not the id of a user`},
		{"groups: {a: {members: [group:b]}, b: {members: [group:c]}, c: {members: [group:a]}}", "in a circle: a, b, c, a"},
		// identity sources
		{"groups: {a: {members: [idp:hr/x]}}", `the identity source "hr" is not defined`},
		{"groups: {a: {members: [idp:hr]}}", "must be SOURCE/TEAM"},
		{"identity_sources: {o: {type: okta, domain: d}}\ngroups: {a: {members: [idp:o/x]}}", `4:24: "o" is an identity source of type okta, which is not supported yet`},
		{"identity_sources: {o: {type: scim}}\ngroups: {a: {members: [idp:o/x]}}", "type scim, which is not supported yet"},
		{"identity_sources: {o: {type: ldap}}\ngroups: {a: {members: [idp:o/x]}}", "type ldap, which is not supported yet"},
		{"identity_sources: {o: {type: csv}}", `needs the key "path"`},
		{"identity_sources: {o: {type: command, run: []}}", `needs the key "run"`},
		{"identity_sources: {o: {type: csv, path: p, run: [x]}}", "run has no meaning for the type of identity source"},
		{"identity_sources: {o: {type: xml}}", "must be csv or command or okta or scim or ldap"},
		// names
		{"groups: {Owners: {}}", `"Owners" is a built-in group, which the document must say (add builtin: true)`},
		{"groups: {Admins: {builtin: true}}", `"Admins" is no built-in group`},
		{"groups: {Owners: {builtin: true, previously: [X]}}", "a built-in group is never renamed"},
		{"groups: {\"a\\u202eb\": {}}", `the group name "a\u{202E}b" has characters that cannot be seen`},
		{"groups: {\"\": {}}", "a group has an empty name"},
		{"groups: {\"\u041ewners\": {}}", "looks like \"Owners\" (Owners is built in)"},
		{"groups: {Quality: {}, QUALITY: {}}", `3:23: the group name "QUALITY" looks like "Quality"`},
		{"groups: {'Quality ': {}}", "begins or ends with a space"},
		{"groups: {a: {previously: [b]}, b: {}}", `the earlier name "b" of the group "a" is in use`},
		{"groups: {a: {previously: [c]}, b: {previously: [c]}}", `the earlier name "c" of the group "b" is in use`},
		{"roles: {Owner: {}}", `"Owner" is a role of the system, which the document must say`},
		{"roles: {Owner: {builtin: true, description: x}}", "nothing else of it can be changed"},
		// service accounts
		{"service_accounts: {s: {tokens: {t: {}}}}", `the token "s/t" needs a store`},
		{"service_accounts: {s: {tokens: {t: {store: {}}}}}", "must be a command or a file"},
		{"service_accounts: {s: {tokens: {t: {store: {file: f, command: [c]}}}}}", "must be a command or a file"},
		{"service_accounts: {s: {tokens: {t: {store: {file: f, mode: 0600}}}}}", `mode is a number, and text is wanted (put it in quotes: "0600")`},
		{"service_accounts: {s: {tokens: {t: {store: {file: f, mode: '0644'}}}}}", "it must be 0600 or 0400"},
		{"service_accounts: {s: {tokens: {t: {expires: 30d, rotate: {every: 40d}, store: {file: f}}}}}", "expires after 30d, before it is rotated after 40d"},
		{"service_accounts: {s: {tokens: {t: {rotate: {every: 2d, overlap: 48h}, store: {file: f}}}}}", "must be shorter than the time between rotations"},
		{"service_accounts: {s: {tokens: {t: {state: removed, store: {file: f}}}}}", "only a token that stays can have"},
		{"service_accounts: {s: {state: removed, groups: [g]}}", "is to be removed, and has groups, permissions or tokens"},
		{"groups: {robots: {}}\nservice_accounts: {s: {groups: [robot]}}", `the group "robot" is not in the document (did you mean robots?)`},
		// roles
		{"roles: {r: {assigned_to: [{projects: [p]}]}}", "an assignment goes to exactly one of"},
		{"roles: {r: {assigned_to: [{group: g}]}}", "an assignment needs projects"},
		{"roles: {r: {assigned_to: [{group: g, on: [orgnization]}]}}", "did you mean organization?"},
		{"roles: {r: {permissions: {dataset: [read], datasest: [read]}}}", `"datasest" is no type of object`},
		// guards and management
		{"manage: {prune: true}", "prune has no effect"},
		{"guards: {owners: {at_least: 0}}", "at_least must be 1 or more"},
		{"guards: {owners: {must_include: [x]}}", `"x" is neither an e-mail address nor a reference`},
		// tests
		{"tests: [{name: t, who: '*', can: [read], cannot: [update], at: organization}]", "exactly one of can, cannot and requires"},
		{"tests: [{name: t, can: [read], at: all_projects}]", "a test is about who, or says with only"},
		{"tests: [{name: t, only: [group:a], cannot: [read], at: all_projects}]", "only goes with can"},
		{"tests: [{name: t, who: '*', can: [read]}]", "can and cannot need at"},
		{"tests: [{name: t, who: '*', can: [read], at: lgos in p}]", `"lgos" is no kind of object (did you mean logs?)`},
		{"tests: [{name: t, who: '*', can: [read], at: somewhere}]", `"somewhere" is not a reference to an object`},
		{"tests: [{name: t, who: '*', can: [manage_members], at: all_projects}]", `unknown permission "manage_members" for all-projects`},
		{"tests: [{name: t, who: ana, can: [read], at: all_projects}]", `"ana" is neither an e-mail address`},
		{"tests: [{name: t, who: '*', can: [], at: all_projects}]", "checks nothing"},
		{"tests: [{name: t, who: '*', requires: until}, {name: t, who: '*', requires: until}]", `the test "t" is there twice`},
	} {
		got := findings(policy.File{Name: "a.yaml", Data: []byte(head + tt.body + "\n")})
		if len(got) != 1 || !strings.Contains(got[0], tt.want) {
			t.Errorf("%s\n  found %q\n  want  %q", tt.body, got, tt.want)
		}
	}
}

// C2: what a reader of YAML could take for something else is refused at its place, and never becomes a right.
func TestC2PolicyRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ data, want string }{
		{head + "groups: {a: {}}\ngroups: {}\n", `4:1: the key "groups" is there twice`},
		{head + "groups:\n  a: {}\n  a: {permissions: {organization: [all]}}\n", `5:3: the key "a" is there twice`},
		{head + "grups: {}\n", `3:1: unknown key "grups" in the document (did you mean groups?)`},
		{head + "groups: {a: {permisions: {}}}\n", `3:14: unknown key "permisions" in groups.a (did you mean permissions?)`},
		{head + "---\nversion: 1\n", "3:1: a second document begins here"},
		{head + "groups: {NO: {}}\n", `3:10: groups has the key NO, which is true or false to some readers of YAML`},
		{head + "groups: {010: {}}\n", `3:10: groups has the key 010, which is a number, and a name is wanted (put it in quotes: "010")`},
		{head + "tests: [{name: NO, who: x@y, requires: until}]\n", "3:16: tests[0].name is true or false to some readers of YAML"},
		{head + "groups: {a: {description: 010}}\n", "3:27: groups.a.description is a number"},
		{"version: 1\norg: off\n", "2:6: org is true or false to some readers of YAML"},
		{head + "x: &x {permissions: {organization: [manage_access]}}\n", "3:1: unknown key"},
		{head + "groups:\n  a: &a {permissions: {organization: [all]}}\n  b: {<<: *a}\n", "5:7: merge keys (<<) are not supported"},
		{head + "manage: {groups: Yes}\n", "manage.groups is true or false to some readers"},
	} {
		got := findings(policy.File{Name: "a.yaml", Data: []byte(tt.data)})
		if len(got) == 0 || !strings.HasPrefix(got[0], tt.want) && !strings.Contains(got[0], tt.want) {
			t.Errorf("%q\n  found %q\n  want  %q", tt.data, got, tt.want)
		}
	}
	kept := check(t, head+"groups: {1_000: {}, 2026-12-31: {}, 12:30: {description: 2027-01-01}}\n")
	if names := []string{kept.Desired.Groups[0].Name.Value, kept.Desired.Groups[1].Name.Value, kept.Desired.Groups[2].Description.Value}; strings.Join(names, " ") != "1_000 2026-12-31 2027-01-01" {
		t.Errorf("%q", names)
	}
}

// C3: nothing that is empty, cut off or of another shape asks for something to go away.
func TestC3NeverMeansDeleteEverything(t *testing.T) {
	t.Parallel()
	for _, data := range []string{
		"", "{}", "[]", "~", "# nothing", "version: 1\n", "org: acme\n", head + "groups: []\n", head + "groups:\n", head + "groups: ~\n",
		head + "groups:\n  a:\n", head + "groups:\n  a:\n    members:\n", head + "members: {}\n", head + "groups: {a: {members: ''}}\n",
		head + "groups: {a: {members: [a@x.exa", head + "groups: \"", head + "manage: {members: exact, prune: true}\nmembers:\n",
	} {
		if _, problems := policy.Parse([]policy.File{{Name: "a.yaml", Data: []byte(data)}}); !problems.Failed() {
			t.Errorf("%q is accepted", data)
		}
	}
	absent := check(t, head).Desired
	if absent.GroupsManaged || absent.PeopleManaged || absent.AccountsManaged || absent.RolesManaged {
		t.Errorf("absent sections are managed: %+v", absent)
	}
	present := check(t, head+"groups: {a: {members: [], permissions: {}, administered_by: {}}, b: {}}\nmembers: []\nservice_accounts: {}\nroles: {}\n").Desired
	if !present.GroupsManaged || !present.PeopleManaged || !present.AccountsManaged || !present.RolesManaged {
		t.Errorf("present sections are not managed: %+v", present)
	}
	if a, b := present.Groups[0], present.Groups[1]; !a.MembersManaged || !a.GrantsManaged || !a.AdministeredManaged || b.MembersManaged || b.GrantsManaged || b.AdministeredManaged {
		t.Errorf("%+v %+v", a, b)
	}
	if present.Manage.Prune || present.Manage.AllGroups || present.Manage.ExactMembers {
		t.Errorf("something is pruned by default: %+v", present.Manage)
	}
}

// A cut-off policy is refused or asks for no more removals than the whole: it never manages what the whole does not.
func TestC3EveryTruncation(t *testing.T) {
	t.Parallel()
	whole := example(t)
	accepted := 0
	for n := 0; n < len(whole); n += 7 {
		p, problems := policy.Parse([]policy.File{{Name: "a.yaml", Data: []byte(whole[:n])}})
		if problems.Failed() {
			continue
		}
		accepted++
		if p.Desired.Manage.Prune || p.Desired.Manage.AllGroups || p.Desired.Manage.ExactMembers {
			t.Errorf("cut at %d, the policy prunes", n)
		}
	}
	if accepted == 0 {
		t.Error("no cut is accepted: this tests nothing")
	}
}

// C4: e-mail addresses are compared canonically and kept as typed.
func TestC4Emails(t *testing.T) {
	t.Parallel()
	d := check(t, head+"groups: {a: {members: [A@X.com, a@x.com, \"a@x.com\u00a0\", \"re\\u0301@x.com\", \"r\\u00e9@x.com\", \"\u0131@x.com\", i@x.com]}}\n").Desired
	var got []string
	for _, m := range d.Groups[0].Members {
		got = append(got, m.Name)
	}
	if strings.Join(got, " ") != "A@X.com re\u0301@x.com \u0131@x.com i@x.com" {
		t.Errorf("%q", got)
	}
}

func TestConflictsOfFilesNameBothPlaces(t *testing.T) {
	t.Parallel()
	a := policy.File{Name: "a.yaml", Data: []byte(head + "vars: {v: x}\nmanage: {}\ngroups: {g: {}}\nmembers: [ana@x.example]\n")}
	for body, want := range map[string]string{
		"groups: {g: {}}":          `b.yaml:2:10: the group "g" is in two files | the first: a.yaml:5:10`,
		"vars: {v: x}":             `b.yaml:2:8: the variable "v" is in two files | the first: a.yaml:3:8`,
		"manage: {groups: all}":    `b.yaml:2:9: the section manage is in two files | the first: a.yaml:4:9`,
		"org: other":               `b.yaml:2:6: org is "other" here and "acme" in another file | the other file: a.yaml:2:6`,
		"members: [Ana@X.example]": `b.yaml:2:11: "Ana@X.example" is a member twice | the first: a.yaml:6:11`,
	} {
		_, problems := policy.Parse([]policy.File{a, {Name: "b.yaml", Data: []byte("version: 1\n" + body + "\n")}})
		all := problems.All()
		if len(all) != 1 {
			t.Errorf("%s: %v", body, all)
			continue
		}
		if got := all[0].At.String() + ": " + all[0].Message + " | " + all[0].AlsoText + ": " + all[0].Also.String(); got != want {
			t.Errorf("%s\n  got  %s\n  want %s", body, got, want)
		}
	}
	p, problems := policy.Parse([]policy.File{a, {Name: "b.yaml", Data: []byte("version: 1\norg: acme\ngroups: {'${v}': {}}\nmembers: []\n")}})
	if err := problems.Err(); err != nil || len(p.Desired.Groups) != 2 || len(p.Desired.People) != 1 || p.Desired.Groups[1].Name.Value != "x" {
		t.Errorf("%v %+v", err, p.Desired)
	}
}

// FuzzC7Policy: no text makes checking a policy panic, and one that is valid can be written out in full and asks for
// the same then.
func FuzzC7Policy(f *testing.F) {
	f.Add(example(f))
	f.Add(head + "groups: {a: {members: [a@x.example, sa:b, group:c], permissions: {all_projects: [read]}}}\n")
	f.Add(head + "profiles: {r: {project: [read], scorers: [read]}}\ngroups: {a: {permissions: {projects: {'p-*': {use: r, logs: []}}}}}\n")
	f.Add(head + "vars: {v: '*'}\nroles: {r: {permissions: {any: [read]}, assigned_to: [{group: g, projects: ['${v}'], on: [organization]}]}}\n")
	f.Add(head + "service_accounts: {s: {groups: [g], tokens: {t: {expires: 90d, store: {file: f}}}}}\ntests: [{name: t, who: '*', can: [read], at: logs in p}]\n")
	f.Add(head + "members: [{email: a@x.example, until: 2027-01-01, permissions: {objects: [{type: dataset, project: p, name: thing, allow: [read]}]}}]\n")
	f.Fuzz(func(t *testing.T, data string) {
		p, problems := policy.Parse([]policy.File{{Name: "access.yaml", Data: []byte(data)}})
		if problems.Failed() {
			return
		}
		roundTrip(t, p.Desired)
	})
}
