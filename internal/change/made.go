package change

import (
	"btadmin/internal/change/journal"
	"btadmin/internal/text"
)

// What a step made is in the outcome of the journal, so that undo finds it again under another name.

func madeOne(placeholder, id string) []journal.Made {
	if id == "" {
		return nil
	}
	return []journal.Made{{Placeholder: placeholder, ID: id}}
}

func (c *CreateGroup) made() []journal.Made { return madeOne(New("group", c.Name), c.Out.ID) }
func (c *CreateRole) made() []journal.Made  { return madeOne(New("role", c.Name), c.Out.ID) }

// made also names the orphans of a failure.
func (m *MintToken) made() []journal.Made {
	all := madeOne(New("token", m.Name), m.Out.ID)
	for _, id := range m.Orphans {
		all = append(all, madeOne(New("token", m.Name), id)...)
	}
	return all
}

func (c *CreateServiceAccount) made() []journal.Made {
	return madeOne(New("user", c.Name), c.Out.ID)
}

func (i *InviteMembers) made() []journal.Made {
	var all []journal.Made
	for _, user := range i.Out {
		name := user.Email
		for _, email := range i.Emails { // as it was typed: the server may answer in small letters
			if text.CanonicalEmail(email) == text.CanonicalEmail(user.Email) {
				name = email
			}
		}
		all = append(all, madeOne(New("user", name), user.ID)...)
	}
	return all
}
