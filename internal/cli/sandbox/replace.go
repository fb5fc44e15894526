package sandbox

import (
	"context"
	"fmt"
	"strconv"

	"btadmin/internal/app"
	"btadmin/internal/exit"
	"btadmin/internal/output"
	"btadmin/internal/sandbox"
)

// seededDocument tells the keys of a new sandbox, the only time that they are shown.
type seededDocument struct {
	OrgID            string `json:"org_id"`
	OrgName          string `json:"org_name"`
	Plan             string `json:"plan"`
	Seed             string `json:"seed"`
	UserID           string `json:"user_id"`
	UserKey          string `json:"user_key"`
	ServiceAccountID string `json:"service_account_id"`
	TokenKey         string `json:"token_key"`
	Dir              string `json:"dir"`
}

// replacingDocument is what --dry-run prints: nothing in it is a request, so that it is not a plan of changes.
type replacingDocument struct {
	Dir      string `json:"dir"`
	Seed     string `json:"seed"`
	Replaces bool   `json:"replaces"` // there is something that would be lost
}

// consent asks before everything is lost.
func consent(ctx context.Context, a *app.App, st sandbox.Status) error {
	return ask(ctx, a, fmt.Sprintf("Replace everything in the sandbox %s (%d people, %d groups, %d projects, %d grants)?",
		st.OrgName, st.People, st.Groups, st.Projects, st.ACLs))
}

func ask(ctx context.Context, a *app.App, question string) error {
	switch {
	case a.Flags.Yes:
		return nil
	case !a.Prompt.CanPrompt():
		return exit.BadInputf("%s Refusing to do that without a confirmation", question).WithHint("--yes does it")
	}
	yes, err := a.Prompt.WithContext(ctx).Confirm(question, false)
	if err != nil {
		return err
	}
	if !yes {
		return app.ErrDeclined
	}
	return nil
}

func showReplacing(a *app.App, p *output.Printer, opts seedOptions) error {
	dir, err := opts.place.folder(a)
	if err != nil {
		return err
	}
	there, err := opts.place.exists(a)
	if err != nil {
		return err
	}
	a.Status.Note("dry run: nothing was changed")
	return output.Object(p, []output.Column[replacingDocument]{
		{Field: "dir", Header: "FOLDER", Text: func(d replacingDocument) string { return d.Dir }},
		{Field: "seed", Header: "SEED", Text: func(d replacingDocument) string { return d.Seed }},
		{Field: "replaces", Header: "REPLACES", Text: func(d replacingDocument) string { return strconv.FormatBool(d.Replaces) }},
	}, replacingDocument{Dir: dir, Seed: string(opts.spec.Kind), Replaces: there})
}

func printSeeded(a *app.App, p *output.Printer, st sandbox.Status, seeded sandbox.Seeded) error {
	a.Status.Done("Seeded the sandbox %s: %d people, %d service accounts, %d groups, %d projects, %d grants",
		st.OrgName, st.People, st.ServiceAccounts, st.Groups, st.Projects, st.ACLs)
	doc := seededDocument{
		OrgID: seeded.OrgID, OrgName: seeded.OrgName, Plan: string(st.Plan), Seed: string(st.Seed),
		UserID: seeded.UserID, UserKey: seeded.UserKey.Reveal(),
		ServiceAccountID: seeded.ServiceAccountID, TokenKey: seeded.TokenKey.Reveal(), Dir: st.Dir,
	}
	return output.Object(p, []output.Column[seededDocument]{
		{Field: "org_name", Header: "ORGANIZATION", Text: func(d seededDocument) string { return d.OrgName }},
		{Field: "org_id", Header: "ORG ID", Text: func(d seededDocument) string { return d.OrgID }},
		{Field: "user_id", Header: "USER ID", Text: func(d seededDocument) string { return d.UserID }},
		{Field: "user_key", Header: "USER KEY", Text: func(d seededDocument) string { return d.UserKey }},
		{Field: "service_account_id", Header: "SERVICE ACCOUNT ID", Text: func(d seededDocument) string { return d.ServiceAccountID }},
		{Field: "token_key", Header: "TOKEN KEY", Text: func(d seededDocument) string { return d.TokenKey }},
		{Field: "dir", Header: "FOLDER", Text: func(d seededDocument) string { return d.Dir }},
	}, doc)
}
