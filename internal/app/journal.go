package app

import (
	"context"
	"path/filepath"
	"strings"

	"btadmin/internal/change/journal"
	"btadmin/internal/exit"
	"btadmin/internal/text"
)

// JournalDir is the folder of the journal of the organization in use.
func (a *App) JournalDir(ctx context.Context) (string, error) {
	client, err := a.Client(ctx)
	if err != nil {
		return "", err
	}
	r, err := a.Resolver(ctx)
	if err != nil {
		return "", err
	}
	org, err := r.Organization(ctx)
	if err != nil {
		return "", err
	}
	settings, err := a.Settings()
	if err != nil {
		return "", err
	}
	state, err := settings.StateDir()
	if err != nil {
		return "", err
	}
	return journal.Folder(state, host(client), org.ID), nil
}

func (a *App) journal(host, orgID string) (*journal.Journal, error) {
	settings, err := a.Settings()
	if err != nil {
		return nil, err
	}
	state, err := settings.StateDir()
	if err != nil {
		return nil, err
	}
	j, err := journal.Open(filepath.Clean(journal.Folder(state, host, orgID)))
	if err != nil {
		return nil, err
	}
	j.Redact = a.Redact
	return j, nil
}

// Runs lists the runs in the journal of the organization in use, oldest first, and warns of what is damaged.
func (a *App) Runs(ctx context.Context) ([]journal.Run, error) {
	dir, err := a.JournalDir(ctx)
	if err != nil {
		return nil, err
	}
	all, damage, err := journal.Runs(dir)
	if err != nil {
		return nil, err
	}
	for _, bad := range damage {
		a.Status.Warn("the journal is damaged: %v", bad)
	}
	return all, nil
}

// FindRun finds the run that somebody typed: its id, the beginning of it, or "latest".
func FindRun(all []journal.Run, typed string) (journal.Run, error) {
	if typed == "latest" && len(all) > 0 {
		return all[len(all)-1], nil
	}
	var matches []journal.Run
	ids := make([]string, len(all))
	for i, r := range all {
		ids[i] = r.ID
		if r.ID == typed {
			return r, nil
		}
		if typed != "" && strings.HasPrefix(r.ID, typed) {
			matches = append(matches, r)
		}
	}
	switch len(matches) {
	case 1:
		return matches[0], nil
	case 0:
		if len(all) == 0 {
			return journal.Run{}, exit.BadInputf("no run %q: the journal of this machine has none for this organization", typed).
				WithHint("what was changed elsewhere, such as in CI, is in the journal there: have its folder as btadmin in the folder that XDG_STATE_HOME names")
		}
		err := exit.BadInputf("no run %q in the journal", typed)
		if near := text.Nearest(typed, ids); len(near) > 0 {
			return journal.Run{}, err.WithHint("did you mean %q?", near[0])
		}
		return journal.Run{}, err.WithHint("btadmin runs list shows them")
	}
	return journal.Run{}, exit.BadInputf("%d runs begin with %q", len(matches), typed).WithHint("give more of the id: %s or %s", matches[0].ID, matches[1].ID)
}
