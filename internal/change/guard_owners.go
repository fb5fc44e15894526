package change

import (
	"fmt"

	"btadmin/internal/orgstate"
	"btadmin/internal/text"
	"btadmin/pkg/access"
)

// leastOwners is how many human owners G2 wants unless the limits say otherwise.
const leastOwners = 2

// ownersStayMany is G2: as many human owners as the limits want, or not fewer than now. When none is left, that is
// G1's to say; when people and service accounts cannot be told apart, G1 has said so.
func ownersStayMany(v *view, after *access.State) []Finding {
	if !v.known.Covers(lossNeed(v.org)) || !v.tokensKnown {
		return nil
	}
	before, left := v.before.Owners(), after.Owners()
	if containsAll(left, before) {
		return nil
	}
	least := v.limits.OwnersAtLeast
	if least == 0 {
		least = leastOwners
	}
	for _, mayBeHuman := range mayBeHuman()[:2] { // service accounts are no human owners
		had, has := v.count(before, mayBeHuman), v.count(left, mayBeHuman)
		switch {
		case had == 0:
			continue
		case has == 0 || has >= least || has >= had:
			return nil
		}
		return []Finding{{Bypass: "override", Message: fmt.Sprintf(
			"only %s would be left of %d who own the organization, and %d are wanted", people(has), had, least)}}
	}
	return nil
}

func people(n int) string {
	if n == 1 {
		return "1 person"
	}
	return fmt.Sprintf("%d people", n)
}

// mayBeHuman are ever weaker ways to be taken for a person.
func mayBeHuman() []func(orgstate.Kind) bool {
	return []func(orgstate.Kind) bool{
		func(k orgstate.Kind) bool { return k == orgstate.Person },
		func(k orgstate.Kind) bool { return k != orgstate.ServiceAccount },
		func(orgstate.Kind) bool { return true },
	}
}

// requiredOwnersStay is G4: whom the limits name are owners in the end.
func requiredOwnersStay(v *view, after *access.State) []Finding {
	if len(v.limits.MustInclude) == 0 {
		return nil
	}
	if !v.known.Covers(topNeed(v.org)) {
		return []Finding{{Guard: "G16", Message: "whether the required owners stay cannot be judged, because the organization was not read"}}
	}
	var findings []Finding
	for _, id := range v.limits.MustInclude {
		if _, member := after.User(id); member && after.IsOwner(id) {
			continue
		}
		name := v.principal(access.Principal{Kind: access.PrincipalUser, ID: id})
		message := name + " is required to be an owner, and would not be one"
		if v.before.IsOwner(id) {
			message = name + " is required to stay an owner, and would not be one any more"
		}
		findings = append(findings, Finding{Bypass: "override", Names: []string{name}, subject: id, Message: message})
	}
	return findings
}

// ownerTokenStays is the part of G3 about tokens: where the organization has a service token with an owner's
// rights, one is left, because only such a token can mint others.
func ownerTokenStays(v *view, after *access.State) []Finding {
	if !v.tokensKnown || !v.known.Covers(topNeed(v.org)) {
		return nil
	}
	gone := map[string]bool{}
	accounts := []string{} // of tokens that are left
	for _, step := range v.steps {
		switch s := step.(type) {
		case *DeleteToken:
			gone[s.Token.ID] = true
		case *MintToken:
			accounts = append(accounts, s.AccountID)
		case *CreateServiceAccount:
			if s.TokenName != "" {
				accounts = append(accounts, New("user", s.Name))
			}
		}
	}
	had := 0
	for _, token := range v.tokens {
		if v.owns(v.before, token.ServiceAccountID) {
			had++
		}
		if !gone[token.ID] {
			accounts = append(accounts, token.ServiceAccountID)
		}
	}
	if had == 0 {
		return nil
	}
	for _, id := range accounts {
		if v.owns(after, id) {
			return nil
		}
	}
	return []Finding{{Bypass: "override", Message: fmt.Sprintf(
		"no service token of an owner would be left (there is %s now), and without one tokens can only be made in the web application",
		text.Count(had, "such token"))}}
}

// owns reports whether an account is a member and an owner.
func (v *view) owns(s *access.State, id string) bool {
	_, member := s.User(id)
	return member && s.IsOwner(id)
}
