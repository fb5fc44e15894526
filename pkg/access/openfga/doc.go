// Package openfga writes an organization as an OpenFGA authorization model (schema 1.1) and relationship
// tuples, so that a server of OpenFGA can answer the questions that [access.State] answers.
//
// Users, groups, nested groups, roles, roles inside roles and grants of roles are objects of the model: the
// server follows them itself, nothing is worked out beforehand. One grant is one tuple; a change of members or
// of a role changes the tuples of that group or role only.
//
// # What to ask
//
// A principal is user:ID or, for what a group holds, group:ID. For a permission on a thing itself, ask for the
// relation of its name:
//
//	user:U  read  experiment:E
//
// For a permission on things of a type inside a container, existing or not yet, ask the container:
//
//	user:U  create.dataset  project:P           may U create a dataset in P
//	user:U  create.project  org_project:O       may U create a project
//	group:G update.prompt   org_project:O       may G update prompts everywhere
//
// [Check] and [Model.CheckChild] make these questions.
//
// # What is left out
//
// Deleted things, members of the organization that are no longer listed, and whatever refers to them, get no
// tuples: asking about them answers no. So does a grant whose restriction names a type that never is where the
// grant is, and a grant without subject or without permission: they give nothing. Objects that the API does not
// list, such as playgrounds, are known by their own grants only. What built-in groups hold without a
// listed grant is written out.
//
// # Names
//
// Permissions and types that this program does not know become relations and types of the model when some grant,
// role or object names them. Names and ids that OpenFGA does not allow are escaped: see [TypeName], [ID].
package openfga
