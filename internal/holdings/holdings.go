// Package holdings finds out what one member has: groups, direct and inherited, grants of his own, tokens and
// keys. What the caller may not read is named, never passed over.
package holdings

import (
	"context"
	"sort"
	"sync"
	"time"

	"btadmin/internal/matrix"
	"btadmin/internal/parallel"
	"btadmin/internal/resolve"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Holdings is what a member has. Fields are added, never renamed.
type Holdings struct {
	Groups        []Group      `json:"groups"`
	Grants        []matrix.Row `json:"grants"` // to the member itself; those of groups are not among them
	ServiceTokens []Credential `json:"service_tokens"`
	APIKeys       []Credential `json:"api_keys"`
	Unreadable    []string     `json:"unreadable"` // which of these lists the caller may not read
}

// Group is a group whose grants the member receives.
type Group struct {
	GroupID      string `json:"group_id"`
	GroupName    string `json:"group_name"`
	Direct       bool   `json:"direct"`
	ViaGroupID   string `json:"via_group_id"`   // "" when direct: the member group through which it is inherited
	ViaGroupName string `json:"via_group_name"` // its name
}

// Credential is a token or key, without its secret.
type Credential struct {
	ID          string    `json:"id"`
	Name        string    `json:"name"`
	PreviewName string    `json:"preview_name"`
	Created     time.Time `json:"created,omitzero"`
}

// Load reads what a member has, all lists at once.
func Load(ctx context.Context, client *braintrust.Client, r *resolve.Resolver, userID string) (*Holdings, error) {
	h := &Holdings{Groups: []Group{}, Grants: []matrix.Row{}, ServiceTokens: []Credential{}, APIKeys: []Credential{}, Unreadable: []string{}}
	work, ctx := parallel.WithContext(ctx)
	var mu sync.Mutex
	read := func(list string, load func() error) {
		work.Go(func() error {
			err := load()
			if braintrust.IsForbidden(err) {
				mu.Lock()
				defer mu.Unlock()
				h.Unreadable = append(h.Unreadable, list)
				return nil
			}
			return err
		})
	}
	read("groups", func() error {
		groups, err := r.Groups(ctx)
		h.Groups = groupsOf(groups, userID)
		return err
	})
	read("grants", func() (err error) {
		h.Grants, err = grantsOf(ctx, client, r, userID)
		return err
	})
	read("service_tokens", func() error {
		tokens, err := r.ServiceTokens(ctx)
		for _, t := range tokens {
			if t.ServiceAccountID == userID {
				h.ServiceTokens = append(h.ServiceTokens, Credential{ID: t.ID, Name: t.Name, PreviewName: t.PreviewName, Created: t.Created})
			}
		}
		return err
	})
	read("api_keys", func() error {
		keys, err := r.APIKeys(ctx)
		for _, k := range keys {
			if k.UserID == userID {
				h.APIKeys = append(h.APIKeys, Credential{ID: k.ID, Name: k.Name, PreviewName: k.PreviewName, Created: k.Created})
			}
		}
		return err
	})
	if err := work.Wait(); err != nil {
		return nil, err
	}
	sort.Strings(h.Unreadable)
	return h, nil
}

// groupsOf finds the groups of a member: those that list him, then those that list one of these, by name.
func groupsOf(groups []braintrust.Group, userID string) []Group {
	state := access.NewState(&access.Snapshot{Groups: groups})
	rows := []Group{}
	for _, id := range state.GroupsOf(userID) {
		group, _ := state.Group(id)
		row := Group{GroupID: id, GroupName: group.Name}
		for _, user := range group.MemberUsers {
			row.Direct = row.Direct || user == userID
		}
		for _, inner := range group.MemberGroups {
			if !row.Direct && row.ViaGroupID == "" && state.InGroup(userID, inner) {
				via, _ := state.Group(inner)
				row.ViaGroupID, row.ViaGroupName = inner, via.Name
			}
		}
		rows = append(rows, row)
	}
	sort.SliceStable(rows, func(i, j int) bool {
		if rows[i].Direct != rows[j].Direct {
			return rows[i].Direct
		}
		return rows[i].GroupName < rows[j].GroupName
	})
	return rows
}

func grantsOf(ctx context.Context, client *braintrust.Client, r *resolve.Resolver, userID string) ([]matrix.Row, error) {
	acls, err := braintrust.Collect(client.OrgACLs(ctx, braintrust.ACLFilter{UserID: userID}))
	if err != nil {
		return []matrix.Row{}, err
	}
	items := make([]braintrust.ACLItem, len(acls))
	for i, acl := range acls {
		items[i] = acl.ACLItem
	}
	names, err := r.Names(ctx, items)
	if err != nil {
		return []matrix.Row{}, err
	}
	return matrix.Rows(r.Labels().Describe(items), names), nil
}
