// Package access is the permission model of Braintrust: nodes and their parents, subjects, grants, the
// labels that the web application shows, and the evaluator that answers what a principal may do and why.
//
// It is pure: no network, no files, no clock. A State is built from a Snapshot of an organization and can
// be changed step by step; questions never change it. The facts are those of the public API and of the
// product's documentation; where nothing is published the label table says so.
//
// # A tour
//
// A [Snapshot] is the lists of the API, read with package braintrust. Each list is complete or an error:
//
//	client, err := braintrust.New(braintrust.Config{BaseURL: "https://api.braintrust.dev", Key: braintrust.NewSecret(key)})
//	s := &access.Snapshot{Organization: org, Complete: true}
//	s.Users, err = braintrust.Collect(client.Users(ctx, braintrust.UserFilter{}))
//	s.Groups, err = braintrust.Collect(client.Groups(ctx, braintrust.GroupFilter{}))
//	s.Roles, err = braintrust.Collect(client.Roles(ctx, braintrust.RoleFilter{}))
//	s.Projects, err = braintrust.Collect(client.Projects(ctx, braintrust.ProjectFilter{}))
//	s.ACLs, err = braintrust.Collect(client.OrgACLs(ctx, braintrust.ACLFilter{}))
//
// With Complete, whatever a grant names must be in the lists, also the experiments, datasets and prompts (Objects) and
// project groups; without it, nothing is concluded from a thing that is not listed.
//
// A [State] is what can be asked. [State.AddImplied] adds what the built-in groups hold without a row in the list:
//
//	state := access.NewState(s)
//	state.AddImplied()
//	who := access.Principal{Kind: access.PrincipalUser, ID: userID}
//	project := access.Node{Type: braintrust.ObjectProject, ID: projectID}
//	state.Allowed(who, braintrust.PermissionUpdate, project)                                 // yes or no
//	state.AllowedChild(who, braintrust.PermissionCreate, braintrust.ObjectDataset, project)  // may he make a dataset in it
//	state.Explain(who, braintrust.PermissionUpdate, project).Paths                           // through which grants
//	state.Holders(braintrust.PermissionRead, project)                                        // who else
//
// A clone answers "what if": [State.Clone], then [State.PutACL], [State.DeleteACL], [State.AddMember] and so on.
//
// [Table] turns the words of the permission pages into grants and grants into words: [Table.ParseWords],
// [Label.Items], [Table.Describe].
//
// # Beside it
//
// Package compiled gives the same answers for whole organizations, fast; package diff says who gained and lost what
// between two snapshots; package lint finds what is wasteful or risky; package paths says who could become super-user;
// package openfga writes an organization for OpenFGA.
package access
