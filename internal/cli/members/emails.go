package members

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"btadmin/internal/app"
	"btadmin/internal/batch"
	"btadmin/internal/exit"
	"btadmin/internal/resolve"
	"btadmin/internal/text"
	"btadmin/pkg/braintrust"
)

// collectEmails takes the e-mails from the command line and the file, or asks for them. Each is kept once, as
// it was typed first.
func collectEmails(ctx context.Context, a *app.App, args []string, file string) ([]string, error) {
	var emails, bad []string // what is no address is named with its line
	if slices.Contains(args, "-") {
		if len(args) > 1 || file != "" {
			return nil, exit.BadInputf(`"-" stands for the e-mails on standard input and goes alone`)
		}
		args, file = nil, "-"
	}
	typed := slices.Clone(args)
	if file != "" {
		doc, err := batch.Open(file, a.IO.In, batch.Options{
			Columns: []string{"email"}, Required: []string{"email"},
			Aliases: map[string]string{"user_email": "email", "e-mail": "email", "mail": "email", "member": "email"},
		})
		if err != nil {
			return nil, exit.New(exit.BadInput, err)
		}
		for _, row := range doc.Rows {
			email := strings.TrimSpace(row.Get("email"))
			if !address(email) {
				bad = append(bad, fmt.Sprintf("%s (%s:%d)", email, doc.Name, row.Line))
				continue
			}
			typed = append(typed, email)
		}
	}
	if len(typed)+len(bad) == 0 {
		if !a.Prompt.CanPrompt() {
			return nil, exit.BadInputf("missing argument EMAIL").WithHint("name the people, or give --file FILE")
		}
		answer, err := a.Prompt.WithContext(ctx).Input("E-mails, separated by commas", "", func(s string) error {
			if len(splitEmails(s)) == 0 {
				return errors.New("at least one e-mail is needed")
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		typed = splitEmails(answer)
	}
	seen := map[string]bool{}
	for _, email := range typed {
		key := text.CanonicalEmail(email)
		switch {
		case seen[key]:
		case !address(email):
			bad = append(bad, email)
		default:
			emails = append(emails, email)
		}
		seen[key] = true
	}
	if len(bad) > 0 {
		return nil, exit.BadInputf("not an e-mail address: %s", strings.Join(bad[:min(len(bad), 10)], ", "))
	}
	return emails, nil
}

func splitEmails(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' || r == ';' })
}

// address reports whether mail could be sent to s: enough to find a name or a column in the wrong place.
func address(s string) bool {
	name, domain, found := strings.Cut(s, "@")
	return found && name != "" && domain != "" && !strings.Contains(domain, "@") &&
		!strings.ContainsAny(s, " ,;<>()\"") && !text.Unsafe(s)
}

// sortOut tells who is a member already from who is to be invited.
func sortOut(ctx context.Context, r *resolve.Resolver, emails []string) (fresh []string, present []braintrust.User, err error) {
	users, err := r.Users(ctx)
	if err != nil {
		return nil, nil, err
	}
	byEmail := make(map[string]braintrust.User, len(users))
	for _, user := range users {
		if user.Email != "" {
			byEmail[text.CanonicalEmail(user.Email)] = user
		}
	}
	for _, email := range emails {
		if user, member := byEmail[text.CanonicalEmail(email)]; member {
			present = append(present, user)
			continue
		}
		fresh = append(fresh, email)
	}
	return fresh, present, nil
}

// invitedRows is what became of everybody; ids are by canonical e-mail.
func invitedRows(ids map[string]string, fresh []string, present []braintrust.User, groups []braintrust.Group) []invited {
	names := make([]string, len(groups))
	for i, g := range groups {
		names[i] = g.Name
	}
	rows := []invited{}
	for _, email := range fresh {
		rows = append(rows, invited{ID: ids[text.CanonicalEmail(email)], Email: email, Invited: true, Groups: names})
	}
	for _, user := range present {
		rows = append(rows, invited{ID: user.ID, Email: user.Email, Groups: names})
	}
	return rows
}
