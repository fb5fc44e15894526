package document

// Words are permission words of one row, each with its place. One list is the whole truth of its row.
type Words = List[Text]

// Rows are the rows of the permission page of a project: the project's own and one for each kind of object in
// it. The API keeps prompts, functions, scorers and classifiers as one type: those that are written must agree.
type Rows struct {
	At Pos `json:"-"`
	// Use takes up a profile: its rows hold where none is written here.
	Use Text `json:"use,omitzero"`
	// Project is the project's own row; what it grants reaches everything in the project.
	Project Words `json:"project,omitzero" scope:"project"`
	*ObjectRows
	// ApprovedBy names the approval of these grants. It is an annotation that a review can ask for.
	ApprovedBy Text `json:"approved_by,omitzero" blank:"no"`
	// Short is set when the rows were written as one list of words, which is the project's own row.
	Short bool `json:"-"`
}

// ObjectRows are the rows for kinds of object in a project. Most projects have none in most policies, and there may be
// very many projects: the pointer to them is nil then.
type ObjectRows struct {
	// Experiments is the row of experiments.
	Experiments Words `json:"experiments,omitzero" scope:"objects"`
	// Datasets is the row of datasets.
	Datasets Words `json:"datasets,omitzero" scope:"objects"`
	// Logs is the row of logs.
	Logs Words `json:"logs,omitzero" scope:"objects"`
	// Playgrounds is the row of playgrounds.
	Playgrounds Words `json:"playgrounds,omitzero" scope:"objects"`
	// Prompts is the row of prompts; it must agree with functions, scorers and classifiers.
	Prompts Words `json:"prompts,omitzero" scope:"objects"`
	// Functions is the row of functions; it must agree with prompts, scorers and classifiers.
	Functions Words `json:"functions,omitzero" scope:"objects"`
	// Scorers is the row of scorers; it must agree with prompts, functions and classifiers.
	Scorers Words `json:"scorers,omitzero" scope:"objects"`
	// Classifiers is the row of classifiers; it must agree with prompts, functions and scorers.
	Classifiers Words `json:"classifiers,omitzero" scope:"objects"`
	// Restricted are rows for types of the API that the page has no row for, by the name of the type.
	Restricted Map[Words] `json:"restricted,omitzero" scope:"objects"`
}

// Permissions are all that one group, person or service account is granted, in the words of the permission page.
type Permissions struct {
	At Pos `json:"-"`
	// Organization is the Organization column: manage_settings, manage_members, remove_members, manage_access, read_audit_logs.
	Organization Words `json:"organization,omitzero" scope:"organization"`
	// AllProjects is the All projects column, as a list of words or row by row.
	AllProjects Rows `json:"all_projects,omitzero"`
	// Projects are grants on projects, by name or pattern.
	Projects Map[Rows] `json:"projects,omitzero"`
	// Objects are grants on single objects.
	Objects List[ObjectGrant] `json:"objects,omitzero"`
	// ApprovedBy names the approval of these grants. It is an annotation that a review can ask for.
	ApprovedBy Text `json:"approved_by,omitzero" blank:"no"`
}

// ObjectGrant is a grant on one single object: named by project and name (or slug), or by id.
type ObjectGrant struct {
	At Pos `json:"-"`
	// Type of the object: experiment, dataset, prompt, function, playground, logs, project, or any type of the API.
	Type Text `json:"type" jsonschema:"required"`
	// Project that the object is in.
	Project Text `json:"project,omitzero"`
	// Name of the object; for prompts and functions the slug.
	Name Text `json:"name,omitzero"`
	// ID of the object, where the API cannot list it by name (playgrounds).
	ID Text `json:"id,omitzero"`
	// Restrict limits the grant to one type of the API below the object.
	Restrict Text `json:"restrict,omitzero"`
	// Allow are the permission words: the whole truth of this object.
	Allow Words `json:"allow" jsonschema:"required" scope:"project"`
	// ApprovedBy names the approval of this grant.
	ApprovedBy Text `json:"approved_by,omitzero" blank:"no"`
}

// AdministeredBy says who may administer a group itself: the "Manage access" dialog. It is exact.
type AdministeredBy struct {
	At Pos `json:"-"`
	// Groups that may administer the group, with the words read, update, delete, manage_access.
	Groups Map[Words] `json:"groups,omitzero" scope:"group"`
	// Members are people who may administer the group, by e-mail.
	Members Map[Words] `json:"members,omitzero" scope:"group"`
	// ServiceAccounts that may administer the group.
	ServiceAccounts Map[Words] `json:"service_accounts,omitzero" scope:"group"`
}
