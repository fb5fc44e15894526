package complete

import (
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"btadmin/internal/config"
	"btadmin/internal/namecache"
	"btadmin/internal/output"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// argumentTable says what the words of usage lines stand for.
func argumentTable(cmd *cobra.Command, placeholder string) suggester {
	switch placeholder {
	case "NAME":
		if cmd.Parent().Name() == "profiles" {
			return profiles
		}
	case "KEY":
		if cmd.Parent().Name() == "config" {
			return settings
		}
	case "GROUP":
		return groups
	case "PROJECT":
		return projects
	case "ROLE":
		return roles
	case "MEMBER", "EMAIL":
		return members
	case "ACCOUNT", "TOKEN|ACCOUNT":
		return accounts
	case "PRINCIPAL":
		return principals
	case "OBJECT", "REF":
		return objects
	case "PERMISSION":
		return questionWords
	}
	return nil
}

// flagTable says what the values of flags stand for; nil leaves a flag to the shell, which offers files.
func flagTable(cmd *cobra.Command, f *pflag.Flag) suggester {
	switch f.Name {
	case "profile", "from-profile", "to-profile":
		return profiles
	case "output":
		return formats
	case "group", "include-group":
		return groups
	case "member":
		return members
	case "role":
		return roles
	case "principal", "to":
		return principals
	case "on":
		return objects
	case "object":
		return objects
	case "objects", "kind":
		return kinds
	case "organization":
		return wordsOf(access.ScopeOrganization)
	case "all-projects":
		return wordsOf(access.ScopeAllProjects)
	case "allow":
		return allowed
	case "permission":
		return questionWords
	case "project":
		if strings.Contains(f.Usage, "NAME=WORDS") {
			return projectWords
		}
		return projects
	case "project-objects":
		return projectObjectWords
	}
	if f.Value.Type() == "string" && !takesFile(f) {
		return nothing
	}
	return nil
}

// takesFile reports whether the value of a flag is a path.
func takesFile(f *pflag.Flag) bool {
	switch f.Name {
	case "file", "out", "env-file", "ca-cert", "snapshot", "input", "html", "plan", "baseline", "dir":
		return true
	}
	return false
}

func nothing(request) ([]namecache.Name, bool) { return nil, false }

func groups(r request) ([]namecache.Name, bool) { return r.names.get(r, kindGroups), false }

func projects(r request) ([]namecache.Name, bool) { return r.names.get(r, kindProjects), false }

func roles(r request) ([]namecache.Name, bool) { return r.names.get(r, kindRoles), false }

func accounts(r request) ([]namecache.Name, bool) {
	return stripped(r.names.get(r, kindAccounts), "sa:"), false
}

// members are e-mails and service accounts, as most commands take them.
func members(r request) ([]namecache.Name, bool) {
	return append(slices.Clone(r.names.get(r, kindPeople)), r.names.get(r, kindAccounts)...), false
}

func principals(r request) ([]namecache.Name, bool) {
	names := []namecache.Name{{Value: "me", Note: "whoever the key belongs to"}}
	if !strings.HasPrefix(r.cmd.CommandPath(), "btadmin access") {
		names = nil
	}
	names = append(names, prefixed("user:", r.names.get(r, kindPeople))...)
	names = append(names, prefixed("group:", r.names.get(r, kindGroups))...)
	return append(names, r.names.get(r, kindAccounts)...), false
}

// objects completes references: first the prefixes, then the names behind one.
func objects(r request) (names []namecache.Name, keep bool) {
	prefix, rest, behind := strings.Cut(r.word, ":")
	if !behind {
		for _, word := range []string{"organization", "all-projects", "members", "audit-logs"} {
			names = append(names, namecache.Name{Value: word})
		}
		for _, prefix := range []string{"project", "experiment", "dataset", "prompt", "function", "logs", "group", "role", "playground"} {
			names = append(names, namecache.Name{Value: prefix + ":"})
		}
		return names, true
	}
	switch prefix {
	case "project", "logs":
		return prefixed(prefix+":", r.names.get(r, kindProjects)), false
	case "group":
		return prefixed(prefix+":", r.names.get(r, kindGroups)), false
	case "role":
		return prefixed(prefix+":", r.names.get(r, kindRoles)), false
	case "experiment", "dataset", "prompt", "function":
		return objectsIn(r, prefix, rest)
	}
	return nil, false
}

// objectsIn completes PROJECT/NAME: projects until one is named, then what is in it.
func objectsIn(r request, prefix, typed string) (names []namecache.Name, keep bool) {
	for _, project := range r.names.get(r, kindProjects) {
		if strings.HasPrefix(typed, project.Value+"/") {
			inside := r.names.objects(r, braintrust.ObjectKind(prefix), project.Value)
			return prefixed(prefix+":"+project.Value+"/", inside), false
		}
		names = append(names, namecache.Name{Value: prefix + ":" + project.Value + "/"})
	}
	return names, true
}

func prefixed(prefix string, names []namecache.Name) []namecache.Name {
	out := make([]namecache.Name, len(names))
	for i, name := range names {
		out[i] = namecache.Name{Value: prefix + name.Value, Note: name.Note}
	}
	return out
}

func stripped(names []namecache.Name, prefix string) []namecache.Name {
	out := make([]namecache.Name, len(names))
	for i, name := range names {
		out[i] = namecache.Name{Value: strings.TrimPrefix(name.Value, prefix), Note: name.Note}
	}
	return out
}

// wordsOf completes a list of the permission words of a scope.
func wordsOf(scope access.Scope) suggester {
	return func(r request) ([]namecache.Name, bool) { return listed(r, scopeWords(scope)) }
}

// scopeWords are the words that people type; the raw permissions are left to those who know them.
func scopeWords(scope access.Scope) []namecache.Name {
	var words []namecache.Name
	for _, label := range (access.Table{}).Scope(scope) {
		words = append(words, namecache.Name{Value: label.Word, Note: label.Title})
	}
	return append(words, namecache.Name{Value: "all", Note: "every one except manage-access"})
}

// allowed completes --allow by what else is on the command line.
func allowed(r request) ([]namecache.Name, bool) {
	scope := access.ScopeProject
	given := func(flag string) string {
		f := r.cmd.Flags().Lookup(flag)
		if f == nil || !f.Changed {
			return ""
		}
		if several, is := f.Value.(pflag.SliceValue); is {
			return several.GetSlice()[0]
		}
		return f.Value.String()
	}
	ref := given("on")
	if ref == "" && placeholder(r.cmd, 0) == "REF" && len(r.args) > 0 {
		ref = r.args[0]
	}
	switch prefix, _, _ := strings.Cut(ref, ":"); prefix {
	case "organization":
		scope = access.ScopeOrganization
	case "all-projects":
		scope = access.ScopeAllProjects
	case "experiment", "dataset", "prompt", "function", "playground":
		scope = access.ScopeObject
	case "group":
		scope = access.ScopeGroup
	}
	if given("objects") != "" {
		scope = access.ScopeObjects
	}
	if strings.HasPrefix(r.cmd.CommandPath(), "btadmin groups access") {
		scope = access.ScopeGroup
	}
	return listed(r, scopeWords(scope))
}

// questionWords are the words that may be asked about: the object is not known yet.
func questionWords(r request) ([]namecache.Name, bool) {
	words := scopeWords(access.ScopeProject)
	for _, word := range scopeWords(access.ScopeOrganization) {
		if !slices.ContainsFunc(words, func(have namecache.Name) bool { return have.Value == word.Value }) {
			words = append(words, word)
		}
	}
	return listed(r, words)
}

func kinds(r request) ([]namecache.Name, bool) {
	var words []namecache.Name
	for _, kind := range access.ObjectWords() {
		words = append(words, namecache.Name{Value: kind.Word})
	}
	return listed(r, words)
}

// projectWords completes NAME=WORDS.
func projectWords(r request) ([]namecache.Name, bool) {
	if name, words, behind := cutLast(r.word, "="); behind {
		return after(r, name+"=", words, scopeWords(access.ScopeProject))
	}
	return suffixed(r.names.get(r, kindProjects), "="), true
}

// projectObjectWords completes NAME/KIND=WORDS.
func projectObjectWords(r request) ([]namecache.Name, bool) {
	if row, words, behind := cutLast(r.word, "="); behind {
		return after(r, row+"=", words, scopeWords(access.ScopeObjects))
	}
	for _, project := range r.names.get(r, kindProjects) {
		if strings.HasPrefix(r.word, project.Value+"/") {
			var rows []namecache.Name
			for _, kind := range access.ObjectWords() {
				rows = append(rows, namecache.Name{Value: project.Value + "/" + kind.Word + "="})
			}
			return rows, true
		}
	}
	return suffixed(r.names.get(r, kindProjects), "/"), true
}

// after completes a list of words behind something that stays.
func after(r request, before, typed string, words []namecache.Name) ([]namecache.Name, bool) {
	r.word = typed
	names, keep := listed(r, words)
	return prefixed(before, names), keep
}

func suffixed(names []namecache.Name, suffix string) []namecache.Name {
	out := make([]namecache.Name, len(names))
	for i, name := range names {
		out[i] = namecache.Name{Value: name.Value + suffix}
	}
	return out
}

func cutLast(s, sep string) (before, behind string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

func profiles(r request) ([]namecache.Name, bool) {
	settings, err := r.names.a.Settings()
	if err != nil {
		return nil, false
	}
	names := []namecache.Name{{Value: config.SandboxProfile, Note: "the embedded organization"}}
	for _, p := range settings.Profiles() {
		names = append(names, namecache.Name{Value: p.Name, Note: p.Org})
	}
	return names, false
}

func settings(request) ([]namecache.Name, bool) {
	var names []namecache.Name
	for _, key := range config.Keys() {
		names = append(names, namecache.Name{Value: key.Name, Note: key.Meaning})
	}
	return names, false
}

func formats(request) ([]namecache.Name, bool) {
	var names []namecache.Name
	for _, f := range output.Formats() {
		names = append(names, namecache.Name{Value: string(f)})
	}
	return names, false
}

// sortedNames are the keys of a set as names.
func sortedNames(notes map[string]string) []namecache.Name {
	names := make([]namecache.Name, 0, len(notes))
	for _, value := range slices.Sorted(maps.Keys(notes)) {
		names = append(names, namecache.Name{Value: value, Note: notes[value]})
	}
	return names
}
