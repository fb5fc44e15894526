package braintrust

// Permission is one right that a grant carries. Newer servers may send values that are not listed
// here; they are kept as they came.
type Permission string

// The permissions of the API (openapi.json, schema Permission).
const (
	PermissionCreate     Permission = "create"
	PermissionRead       Permission = "read"
	PermissionUpdate     Permission = "update"
	PermissionDelete     Permission = "delete"
	PermissionCreateACLs Permission = "create_acls"
	PermissionReadACLs   Permission = "read_acls"
	PermissionUpdateACLs Permission = "update_acls"
	PermissionDeleteACLs Permission = "delete_acls"
)

// Permissions lists every known permission in the API's order.
func Permissions() []Permission {
	return []Permission{
		PermissionCreate, PermissionRead, PermissionUpdate, PermissionDelete,
		PermissionCreateACLs, PermissionReadACLs, PermissionUpdateACLs, PermissionDeleteACLs,
	}
}

// ACLPermissions are the four that are about grants themselves. The permission pages show them as one: manage access.
func ACLPermissions() []Permission {
	return []Permission{PermissionCreateACLs, PermissionReadACLs, PermissionUpdateACLs, PermissionDeleteACLs}
}

// ObjectType is the kind of thing a grant is attached to or restricted to. Unknown values are kept.
type ObjectType string

// The object types of the API (openapi.json, schema AclObjectType); the last three are newer than it.
const (
	ObjectOrganization  ObjectType = "organization"
	ObjectProject       ObjectType = "project"
	ObjectExperiment    ObjectType = "experiment"
	ObjectDataset       ObjectType = "dataset"
	ObjectPrompt        ObjectType = "prompt"
	ObjectPromptSession ObjectType = "prompt_session"
	ObjectGroup         ObjectType = "group"
	ObjectRole          ObjectType = "role"
	ObjectOrgMember     ObjectType = "org_member"
	ObjectProjectLog    ObjectType = "project_log"
	ObjectOrgProject    ObjectType = "org_project"
	ObjectOrgAuditLogs  ObjectType = "org_audit_logs"
	ObjectProjectGroup  ObjectType = "project_group"
	ObjectAISecret      ObjectType = "ai_secret"
	ObjectOrgAISecret   ObjectType = "org_ai_secret"
)

// ObjectTypes lists every known object type.
func ObjectTypes() []ObjectType {
	return []ObjectType{
		ObjectOrganization, ObjectProject, ObjectExperiment, ObjectDataset, ObjectPrompt, ObjectPromptSession,
		ObjectGroup, ObjectRole, ObjectOrgMember, ObjectProjectLog, ObjectOrgProject, ObjectOrgAuditLogs,
		ObjectProjectGroup, ObjectAISecret, ObjectOrgAISecret,
	}
}
