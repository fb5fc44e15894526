package policy

import (
	"path/filepath"

	"btadmin/internal/policy/document"
	"btadmin/internal/text"
)

func (b *builder) accounts() {
	exact := is(b.doc.Manage.Grants, "exact", true)
	for name, a := range b.doc.ServiceAccounts.All() {
		account := &Account{
			Name: name, Removed: is(a.State, "removed", false), Groups: a.Groups.Items, GrantsManaged: a.Permissions.At.Known(),
			GrantsExact: is(a.Grants, "exact", exact), Purpose: a.Purpose, TokensManaged: a.Tokens.Known(), At: name.At,
		}
		if account.Removed && (len(a.Groups.Items) > 0 || len(a.Tokens.Entries) > 0 || a.Permissions.At.Known()) {
			b.problems.Errorf(a.State.At, "%s is to be removed, and has groups, permissions or tokens", quoted(name.Value))
		}
		account.Grants = b.permissions(a.Permissions, a.ApprovedBy)
		for _, group := range a.Groups.Items {
			b.join(b.groupOf(group), Membership{Principal: Principal{Kind: ServiceAccount, Name: name.Value, At: group.At}})
		}
		for token, t := range a.Tokens.All() {
			account.Tokens = append(account.Tokens, b.token(name, token, t))
		}
		b.out.Accounts = append(b.out.Accounts, account)
	}
}

// groupOf finds a group that an account names. One that the document does not list gets an entry that asks for
// nothing but the membership.
func (b *builder) groupOf(name document.Text) *Group {
	for _, g := range b.out.Groups {
		if g.Name.Value == name.Value {
			return g
		}
	}
	if near := text.Nearest(name.Value, b.doc.Groups.Keys()); len(near) > 0 {
		b.problems.Warnf(name.At, "the group %s is not in the document", quoted(name.Value)).WithHint("did you mean %s?", near[0])
	}
	g := &Group{Name: name, MembersManaged: true, Unlisted: true, At: name.At}
	b.out.Groups = append(b.out.Groups, g)
	return g
}

// stores refuses two tokens that go to one file: the second would find it there, and be shown to nobody.
func (b *builder) stores() {
	first := map[string]document.Pos{}
	for _, a := range b.out.Accounts {
		for _, t := range a.Tokens {
			if t.File == "" || t.Removed {
				continue
			}
			path := t.File
			if !filepath.IsAbs(path) {
				path = filepath.Join(t.Folder, path)
			}
			path = filepath.Clean(path)
			if at, taken := first[path]; taken {
				b.problems.Errorf(t.At, "the token %s goes to the file of another token, %s", quoted(a.Name.Value+"/"+t.Name.Value), quoted(t.File)).
					See(at, "the other")
				continue
			}
			first[path] = t.At
		}
	}
}

func (b *builder) token(account, name document.Text, t document.Token) Token {
	token := Token{
		Name: name, Removed: is(t.State, "removed", false), Expires: t.Expires, Rotate: t.Rotate.Every, Overlap: t.Rotate.Overlap,
		File: t.Store.File.Value, Mode: 0o600, Folder: filepath.Dir(name.At.File()), At: name.At,
	}
	for _, word := range t.Store.Command.Items {
		token.Command = append(token.Command, word.Value)
	}
	if t.Store.Mode.Value == "0400" {
		token.Mode = 0o400
	}
	if name.At.File() == StandardInput {
		token.Folder = "."
	}
	what := quoted(account.Value + "/" + name.Value)
	switch command, file := len(token.Command) > 0, t.Store.File.Value != ""; {
	case token.Removed && (t.Store.At.Known() || t.Expires.Known() || t.Rotate.At.Known()):
		b.problems.Errorf(t.State.At, "the token %s is to be removed, and has something that only a token that stays can have", what)
	case token.Removed:
	case !t.Store.At.Known():
		b.problems.Errorf(name.At, "the token %s needs a store: it is shown once, so it must go somewhere", what).
			WithHint("store: {file: PATH}, or store: {command: [PROGRAM, ARGUMENT...]} that reads it from standard input")
	case command == file:
		b.problems.Errorf(t.Store.At, "the store of the token %s must be a command or a file", what)
	case command && t.Store.Mode.Known():
		b.problems.Errorf(t.Store.Mode.At, "mode goes with a file")
	}
	if token.Rotate.Known() && token.Expires.Known() && token.Rotate.Value >= token.Expires.Value {
		b.problems.Errorf(token.Rotate.At, "the token %s expires after %s, before it is rotated after %s", what, token.Expires.Text, token.Rotate.Text)
	}
	if token.Overlap.Known() && token.Rotate.Known() && token.Overlap.Value >= token.Rotate.Value {
		b.problems.Errorf(token.Overlap.At, "the overlap of the token %s must be shorter than the time between rotations", what)
	}
	return token
}
