// Package braintrust is a typed client for the parts of the Braintrust API that access control needs:
// organizations, members, groups, roles, ACLs, service tokens, API keys, projects and the objects in
// them.
//
// Lists are iterators that page to the empty page; writes say whether the server made something or
// found it; fields and enum values that this package does not know are kept. The package speaks the
// language of the API and knows nothing of a command line.
package braintrust
