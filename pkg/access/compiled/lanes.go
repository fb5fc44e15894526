package compiled

import (
	"math/bits"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// A word has one byte for each of eight types of object, its lanes, and in each byte one bit for each of
// the eight known permissions. An unrestricted permission is set in every lane, a restricted one in the lane
// of its type, so that grants are joined by "or" and a question looks at a single byte. A node at
// organization level has a second word for the types that exist only there.
type word = uint64

// kind is the dense number of an object type: 0 to 7 are the lanes of the first word, 8 to 15 those of the
// second, higher ones were met in the snapshot and are not known to this program.
type kind = uint32

// The kinds. kindAny is the lane that only unrestricted grants set; it stands for types without a lane.
const (
	kindProject kind = iota
	kindProjectLog
	kindExperiment
	kindDataset
	kindPrompt
	kindPromptSession
	kindAISecret
	kindAny
	kindOrganization
	kindOrgProject
	kindOrgMember
	kindOrgAuditLogs
	kindOrgAISecret
	kindGroup
	kindRole
	kindProjectGroup
	kindUnknown // the first of those that are numbered as they are met
)

const (
	lanesPerWord = 8
	knownRights  = 8
	everyLane    = word(0x0101010101010101)
)

// knownKind numbers a type that has a lane. The empty type is the one that no restriction names.
func knownKind(t braintrust.ObjectType) (kind, bool) {
	switch t {
	case braintrust.ObjectProject:
		return kindProject, true
	case braintrust.ObjectProjectLog:
		return kindProjectLog, true
	case braintrust.ObjectExperiment:
		return kindExperiment, true
	case braintrust.ObjectDataset:
		return kindDataset, true
	case braintrust.ObjectPrompt:
		return kindPrompt, true
	case braintrust.ObjectPromptSession:
		return kindPromptSession, true
	case braintrust.ObjectAISecret:
		return kindAISecret, true
	case "":
		return kindAny, true
	case braintrust.ObjectOrganization:
		return kindOrganization, true
	case braintrust.ObjectOrgProject:
		return kindOrgProject, true
	case braintrust.ObjectOrgMember:
		return kindOrgMember, true
	case braintrust.ObjectOrgAuditLogs:
		return kindOrgAuditLogs, true
	case braintrust.ObjectOrgAISecret:
		return kindOrgAISecret, true
	case braintrust.ObjectGroup:
		return kindGroup, true
	case braintrust.ObjectRole:
		return kindRole, true
	case braintrust.ObjectProjectGroup:
		return kindProjectGroup, true
	}
	return 0, false
}

// kindNames lists the types in the order of their numbers.
func kindNames() []braintrust.ObjectType {
	names := make([]braintrust.ObjectType, kindUnknown)
	for _, t := range append(braintrust.ObjectTypes(), "") {
		if k, known := knownKind(t); known {
			names[k] = t
		}
	}
	return names
}

// right numbers a known permission in the API's order.
func right(p braintrust.Permission) (uint32, bool) {
	switch p {
	case braintrust.PermissionCreate:
		return 0, true
	case braintrust.PermissionRead:
		return 1, true
	case braintrust.PermissionUpdate:
		return 2, true
	case braintrust.PermissionDelete:
		return 3, true
	case braintrust.PermissionCreateACLs:
		return 4, true
	case braintrust.PermissionReadACLs:
		return 5, true
	case braintrust.PermissionUpdateACLs:
		return 6, true
	case braintrust.PermissionDeleteACLs:
		return 7, true
	}
	return 0, false
}

// Mask is a set of the eight known permissions: bit i is the i-th of braintrust.Permissions.
type Mask uint8

// AllKnown is every known permission.
const AllKnown Mask = 0xff

// MaskOf is the set of the known ones among some permissions.
func MaskOf(permissions ...braintrust.Permission) Mask {
	var m Mask
	for _, p := range permissions {
		if bit, known := right(p); known {
			m |= 1 << bit
		}
	}
	return m
}

// Has reports whether a known permission is in the set.
func (m Mask) Has(p braintrust.Permission) bool {
	bit, known := right(p)
	return known && m&(1<<bit) != 0
}

// Len is the number of permissions in the set.
func (m Mask) Len() int { return bits.OnesCount8(uint8(m)) }

// Permissions lists the set in the API's order.
func (m Mask) Permissions() []braintrust.Permission {
	var out []braintrust.Permission
	for i, p := range braintrust.Permissions() {
		if m&(1<<i) != 0 {
			out = append(out, p)
		}
	}
	return out
}

// lane cuts the byte of a kind out of a word of the plane it belongs to.
func lane(w word, k kind) Mask { return Mask(w >> (k % lanesPerWord * knownRights)) }

// bitIn is a right in the lane of a kind.
func bitIn(k kind, right uint32) word { return 1 << (k%lanesPerWord*knownRights + right) }

func userPrincipal(id string) access.Principal {
	return access.Principal{Kind: access.PrincipalUser, ID: id}
}

func groupPrincipal(id string) access.Principal {
	return access.Principal{Kind: access.PrincipalGroup, ID: id}
}
