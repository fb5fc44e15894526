package orgstate

import (
	"strings"

	"btadmin/pkg/braintrust"
)

// Kind tells people and service accounts apart. The API does not: see Classify.
type Kind string

// The kinds of member.
const (
	Person         Kind = "person"
	ServiceAccount Kind = "service_account"
	Unknown        Kind = "unknown"
)

// Member is a user of the organization with what could be found out about it.
type Member struct {
	User braintrust.User
	Name string // a person's full name, a service account's name; may be empty
	Kind Kind
}

// Members are all users of an organization, in the order of the list.
type Members struct {
	All  []Member
	byID map[string]int
}

// ByID returns a member.
func (m Members) ByID(id string) (Member, bool) {
	i, ok := m.byID[id]
	if !ok {
		return Member{}, false
	}
	return m.All[i], true
}

// Classify tells service accounts from people: whoever a service token names is an account, and so is
// whoever shares the e-mail domain of one when that domain cannot receive mail. Without the list of tokens
// only a user with a mailbox can be told to be a person; the rest is unknown.
func Classify(users []braintrust.User, tokens []braintrust.ServiceToken, tokensKnown bool) Members {
	names := map[string]string{} // by account id
	domains := map[string]bool{} // non-routable ones of known accounts
	for _, token := range tokens {
		names[token.ServiceAccountID] = token.ServiceAccountName
		if domain := domainOf(token.ServiceAccountEmail); !routable(domain) {
			domains[domain] = true
		}
	}
	for _, user := range users {
		if _, account := names[user.ID]; account && !routable(domainOf(user.Email)) {
			domains[domainOf(user.Email)] = true
		}
	}
	members := Members{All: make([]Member, len(users)), byID: make(map[string]int, len(users))}
	for i, user := range users {
		m := Member{User: user, Name: fullName(user), Kind: Person}
		name, account := names[user.ID]
		domain := domainOf(user.Email)
		switch {
		case account:
			m.Kind = ServiceAccount
			if name != "" {
				m.Name = name
			}
		case domains[domain]:
			m.Kind = ServiceAccount
		case !routable(domain):
			m.Kind = Unknown // an account without a token, most likely
		case !tokensKnown && user.FamilyName == "" && user.GivenName == "":
			m.Kind = Unknown
		}
		members.All[i] = m
		members.byID[user.ID] = i
	}
	return members
}

// AccountName is the name of a user who can be told to be a service account without the list of tokens: no
// mail can reach its address.
func AccountName(u braintrust.User) (name string, is bool) {
	if u.Email == "" || routable(domainOf(u.Email)) {
		return "", false
	}
	name = fullName(u)
	return name, name != ""
}

func fullName(u braintrust.User) string {
	return strings.TrimSpace(u.GivenName + " " + u.FamilyName)
}

func domainOf(email string) string {
	_, domain, _ := strings.Cut(email, "@")
	return strings.ToLower(domain)
}

// routable reports whether mail to a domain can arrive: it has a dot, and its last label is not one that
// is reserved for names that are never resolved (RFC 2606, RFC 6761, RFC 6762). "example" stays routable,
// because people of documentation have such addresses.
func routable(domain string) bool {
	dot := strings.LastIndexByte(domain, '.')
	if domain == "" || dot < 0 {
		return false
	}
	switch domain[dot+1:] {
	case "local", "internal", "invalid", "localhost", "test", "serviceaccount", "service-account":
		return false
	}
	first, _, _ := strings.Cut(domain, ".")
	return first != "serviceaccount" && first != "service-account" && first != "service-accounts"
}
