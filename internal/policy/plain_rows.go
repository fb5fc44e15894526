package policy

import (
	"strings"

	"btadmin/internal/policy/document"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// plainPermissions writes rows the way a document has them. The approval is written at every row.
func plainPermissions(rows []Row) document.Permissions {
	out := document.Permissions{At: document.Here()}
	projects, last := 0, ""
	for _, r := range rows {
		if name := r.On.Projects.String(); name != last {
			projects, last = projects+1, name
		}
	}
	if projects > 0 {
		out.Projects.Entries = make([]document.Entry[document.Rows], 0, projects)
	}
	for _, r := range rows {
		switch {
		case r.On.Word == "organization" && r.Restrict == "" && r.On.Type == braintrust.ObjectOrganization && !out.Organization.Known():
			out.Organization = document.Texts(r.Words()...)
			if r.ApprovedBy.Known() {
				out.ApprovedBy = r.ApprovedBy
			}
		case r.On.Type == braintrust.ObjectOrgProject:
			setRow(&out.AllProjects, r)
		case r.On.Type == braintrust.ObjectProject && r.On.Word == "":
			putRow(&out.Projects, r.On.Projects.String(), r)
		default:
			out.Objects.At = document.Here()
			out.Objects.Items = append(out.Objects.Items, plainObject(r))
		}
	}
	return out
}

func putRow(projects *document.Map[document.Rows], name string, r Row) {
	for i := len(projects.Entries) - 1; i >= 0; i-- { // those of one project mostly stand together
		if projects.Entries[i].Key.Value == name {
			setRow(&projects.Entries[i].Value, r)
			return
		}
	}
	var rows document.Rows
	setRow(&rows, r)
	projects.Put(name, rows)
}

// setRow writes a row; the four kinds that share a type are all written.
func setRow(rows *document.Rows, r Row) {
	rows.At = document.Here()
	if r.ApprovedBy.Known() {
		rows.ApprovedBy = r.ApprovedBy
	}
	list := document.Texts(r.Words()...)
	if r.Restrict != "" && rows.ObjectRows == nil {
		rows.ObjectRows = &document.ObjectRows{}
	}
	switch r.Restrict {
	case "":
		rows.Project = list
	case braintrust.ObjectExperiment:
		rows.Experiments = list
	case braintrust.ObjectDataset:
		rows.Datasets = list
	case braintrust.ObjectProjectLog:
		rows.Logs = list
	case braintrust.ObjectPromptSession:
		rows.Playgrounds = list
	case braintrust.ObjectPrompt:
		rows.Prompts, rows.Functions, rows.Scorers, rows.Classifiers = list, list, list, list
	default:
		rows.Restricted.Put(string(r.Restrict), list)
	}
}

func plainObject(r Row) document.ObjectGrant {
	g := document.ObjectGrant{
		At: document.Here(), Type: document.NewText(strings.ReplaceAll(r.On.Word, "-", "_")), Allow: document.Texts(r.Words()...), ApprovedBy: r.ApprovedBy,
	}
	if r.On.ID != "" {
		g.ID = document.NewText(r.On.ID)
	}
	if name, _ := r.On.Projects.Name(); name != "" {
		g.Project = document.NewText(name)
	}
	if r.On.Name != "" {
		g.Name = document.NewText(r.On.Name)
	}
	if r.Restrict != "" {
		g.Restrict = document.NewText(string(r.Restrict))
	}
	return g
}

func plainRole(r *Role) document.Role {
	out := document.Role{At: document.Here(), Description: r.Description}
	if r.BuiltIn {
		out.Builtin = document.NewBool(true)
	}
	if len(r.Previously) > 0 {
		out.Previously = document.NewList(r.Previously...)
	}
	if r.PermissionsManaged {
		out.Permissions = plainTuples(r.Tuples)
	}
	if r.IncludesManaged {
		out.Includes = document.NewList(r.Includes...)
	}
	if r.AssignedManaged {
		out.AssignedTo = document.NewList[document.Assignment]()
		for _, a := range r.Assigned {
			out.AssignedTo.Items = append(out.AssignedTo.Items, plainAssignment(a))
		}
	}
	return out
}

func plainTuples(tuples []access.Tuple) document.Map[document.Words] {
	out := document.NewMap[document.Words]()
	at := map[string]int{}
	for _, t := range tuples {
		for _, key := range tupleKeys(t.Restrict) {
			i, known := at[key]
			if !known {
				i = len(out.Entries)
				at[key] = i
				out.Put(key, document.Texts())
			}
			list := &out.Entries[i].Value
			list.Items = append(list.Items, document.NewText(string(t.Permission)))
		}
	}
	return out
}

// tupleKeys are the keys of a role's permissions that stand for a restriction.
func tupleKeys(restrict braintrust.ObjectType) []string {
	if restrict == "" {
		return []string{"any"}
	}
	var keys []string
	for _, kind := range access.ObjectWords() {
		if kind.Type == restrict {
			keys = append(keys, kind.Word)
		}
	}
	if len(keys) == 0 {
		keys = []string{string(restrict)}
	}
	return keys
}

func plainAssignment(a Assignment) document.Assignment {
	out := document.Assignment{At: document.Here(), ApprovedBy: a.ApprovedBy}
	name := document.NewText(a.To.Name)
	switch a.To.Kind {
	case GroupName:
		out.Group = name
	case ServiceAccount:
		out.ServiceAccount = name
	case UserID:
		out.User = name
	default:
		out.Email = name
	}
	if a.On.Type == braintrust.ObjectProject && a.On.Word == "" {
		out.Projects = document.Texts(a.On.Projects.String())
	} else {
		out.On = document.Texts(strings.ReplaceAll(a.On.Ref(), "-projects", "_projects"))
	}
	return out
}

func plainTest(t Test) document.Test {
	out := document.Test{At: document.Here(), Name: t.Name}
	list := func(selectors []Selector) document.List[document.Text] {
		var l document.List[document.Text]
		for _, s := range selectors {
			l.At = document.Here()
			l.Items = append(l.Items, document.NewText(s.String()))
		}
		return l
	}
	if len(t.Who) > 0 {
		out.Who = document.NewText(t.Who[0].String())
	}
	out.Only, out.Except = list(t.Only), list(t.Except)
	if len(t.Can) > 0 {
		out.Can = document.Texts(words(t.Can)...)
	}
	if len(t.Cannot) > 0 {
		out.Cannot = document.Texts(words(t.Cannot)...)
	}
	if t.Requires != "" {
		out.Requires = document.NewText(t.Requires)
	}
	if t.Where.Text != "" {
		out.Where = document.NewText(t.Where.Text)
	}
	return out
}

// String is the selector as a document writes it.
func (s Selector) String() string {
	return shortRef(Principal{Kind: s.Kind, Name: s.Pattern.String()})
}
