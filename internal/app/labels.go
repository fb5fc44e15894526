package app

import (
	"btadmin/internal/exit"
	"btadmin/internal/labelfile"
	"btadmin/pkg/access"
)

// Labels is the label table of this run: the published one with the corrections of the configuration folder, those for
// all profiles first, those of the profile in use over them (docs/adr/0028).
func (a *App) Labels() (access.Table, error) {
	return a.labels.get(func() (access.Table, error) {
		settings, err := a.Settings()
		if err != nil {
			return access.Table{}, err
		}
		names := []string{labelfile.Name("")}
		if profile := settings.Profile(); profile != "" {
			names = append(names, labelfile.Name(profile))
		}
		var entries []labelfile.Entry
		for _, name := range names {
			more, err := a.LabelFile(name)
			if err != nil {
				return access.Table{}, err
			}
			for _, e := range more {
				entries = labelfile.Put(entries, e)
			}
		}
		table, err := access.Table{}.Correct(labelfile.Labels(entries)...)
		if err != nil {
			return access.Table{}, exit.New(exit.BadInput, err).
				WithHint("the corrections for all profiles and those of this one do not go together: %s and %s", names[0], names[len(names)-1])
		}
		return table, nil
	})
}

// LabelFile reads one file of corrections in the configuration folder; there are none where there is no file.
func (a *App) LabelFile(name string) ([]labelfile.Entry, error) {
	settings, err := a.Settings()
	if err != nil {
		return nil, err
	}
	path, data, err := settings.OwnFile(name)
	if err != nil || data == nil {
		return nil, err
	}
	entries, err := labelfile.Read(path, data)
	if err != nil {
		return nil, exit.New(exit.BadInput, err).WithHint("mend the file, or delete it to have the built-in table: %s", path)
	}
	return entries, nil
}
