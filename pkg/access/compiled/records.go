package compiled

import (
	"hash/maphash"
	"math/bits"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"btadmin/pkg/braintrust"
)

// record is one grant in numbers. Its subject is a live group, or a user after all groups. The records come
// in the order of the grants, one each, so that what is found about a record can be told of its grant.
type record struct {
	node, subject, gift uint32
}

// dropped marks a record that gives nobody anything.
func dropped() record { return record{node: none} }

// reader turns grants into records.
type reader struct {
	d      *directory
	rights *rights
	named  []naming // unknown permissions, with the grants that name them
	// repeated are the positions of grants whose id an earlier one has.
	repeated []int
}

type naming struct {
	acl        string
	permission braintrust.Permission
}

// chunk is how many grants a worker takes at once.
const chunk = 4096

// read numbers all grants. What is in the directory already is found by several workers; what is new, which
// is rare, is added afterwards, in the order of the list.
func (r *reader) read(acls []braintrust.ACL) []record {
	records := make([]record, len(acls))
	chunks := (len(acls) + chunk - 1) / chunk
	late := make([][]int, chunks)
	var wg sync.WaitGroup
	wg.Go(func() { r.repeated = repeatedIDs(acls) })
	var next atomic.Int64
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for c := int(next.Add(1)) - 1; c < chunks; c = int(next.Add(1)) - 1 {
				for i := c * chunk; i < min(len(acls), (c+1)*chunk); i++ {
					var complete bool
					if records[i], complete = r.known(&acls[i].ACLItem); !complete {
						late[c] = append(late[c], i)
					}
				}
			}
		})
	}
	wg.Wait()
	for _, i := range r.repeated {
		records[i] = dropped()
	}
	for _, some := range late {
		for _, i := range some {
			if _, again := slices.BinarySearch(r.repeated, i); !again {
				records[i] = r.add(&acls[i])
			}
		}
	}
	return records
}

// known reads a grant all of whose names have numbers; it changes nothing.
func (r *reader) known(item *braintrust.ACLItem) (one record, complete bool) {
	permission, usual := right(item.Permission)
	if !usual && item.Permission != "" {
		return one, false
	}
	if item.RoleID != "" {
		role, live := r.d.roles.get(item.RoleID)
		if !live {
			return dropped(), true
		}
		one.gift = r.rights.roles[role]
	} else {
		restrict, known := knownKind(item.RestrictObjectType)
		if !known || !usual {
			return one, false
		}
		one.gift = r.rights.usual(permission, restrict)
	}
	if item.GroupID != "" {
		group, live := r.d.groups.get(item.GroupID)
		if !live {
			return dropped(), true
		}
		one.subject = group
	} else {
		user, known := r.d.users.get(item.UserID)
		if !known {
			return one, false
		}
		one.subject = uint32(len(r.d.groupIDs)) + user
	}
	k, known := knownKind(item.ObjectType)
	if !known {
		return one, false
	}
	var unlisted bool
	one.node, unlisted = r.d.nodeOfKind(k, item.ObjectID)
	return one, !unlisted
}

// add reads any grant, and numbers what it names first.
func (r *reader) add(a *braintrust.ACL) record {
	permission := r.rights.permission(a.Permission)
	if permission >= knownRights && a.Permission != "" {
		r.named = append(r.named, naming{a.ID, a.Permission})
	}
	one := record{}
	if a.RoleID != "" {
		role, live := r.d.roles.get(a.RoleID)
		if !live {
			return dropped()
		}
		one.gift = r.rights.roles[role]
	} else {
		one.gift = r.rights.gift(tuple{permission, r.d.addKind(a.RestrictObjectType)})
	}
	if a.GroupID != "" {
		group, live := r.d.groups.get(a.GroupID)
		if !live {
			return dropped()
		}
		one.subject = group
	} else {
		user := r.d.user(a.UserID)
		if user == none {
			return dropped()
		}
		one.subject = uint32(len(r.d.groupIDs)) + user
	}
	one.node = r.d.addOrphan(r.d.addKind(a.ObjectType), a.ObjectID)
	return one
}

// otherPermissions lists the permissions without a bit, in the order of access.State.Effective: as the
// grants name them by the order of their ids, then as roles do.
func (r *reader) otherPermissions(roles []*braintrust.Role) []braintrust.Permission {
	slices.SortStableFunc(r.named, func(a, b naming) int { return strings.Compare(a.acl, b.acl) })
	var out []braintrust.Permission
	add := func(p braintrust.Permission) {
		if _, known := right(p); !known && p != "" && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	for _, n := range r.named {
		add(n.permission)
	}
	byID := slices.SortedFunc(slices.Values(roles), func(a, b *braintrust.Role) int { return strings.Compare(a.ID, b.ID) })
	for _, role := range byID {
		for _, m := range role.MemberPermissions {
			add(m.Permission)
		}
	}
	return out
}

// repeatedIDs finds the grants whose id an earlier one has: grants cannot be changed, so the first counts.
// It is a set with open addressing, because a map of a million ids would cost as much as everything else.
func repeatedIDs(acls []braintrust.ACL) []int {
	size := 1 << bits.Len(uint(2*len(acls)+1))
	slots := make([]uint64, size) // upper half of the hash, and position + 1
	seed := maphash.MakeSeed()
	var repeated []int
	for i := range acls {
		hash := maphash.String(seed, acls[i].ID)
		tag := hash &^ (1<<32 - 1)
		for at := int(hash) & (size - 1); ; at = (at + 1) & (size - 1) {
			slot := slots[at]
			if slot == 0 {
				slots[at] = tag | uint64(i+1)
				break
			}
			if slot&^(1<<32-1) == tag && acls[slot&(1<<32-1)-1].ID == acls[i].ID {
				repeated = append(repeated, i)
				break
			}
		}
	}
	return repeated
}
