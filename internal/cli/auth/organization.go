package auth

import (
	"context"
	"fmt"
	"strings"

	"btadmin/internal/config"
	"btadmin/internal/credentials"
	"btadmin/internal/exit"
	"btadmin/internal/text"
	"btadmin/pkg/braintrust"
)

// organization asks the web application which organizations the key belongs to, and chooses one.
func (s *session) organization(ctx context.Context) (braintrust.LoginOrg, error) {
	appURL := s.settings.AppURL()
	if err := credentials.CheckServer(s.key, appURL); err != nil {
		return braintrust.LoginOrg{}, exit.New(exit.Auth, err).
			WithHint("a sandbox answers logins at its own address: name it with --app-url and --api-url; --sandbox needs no login")
	}
	client, err := s.app.NewClient(s.settings, s.settings.APIURL(), s.key, "", nil)
	if err != nil {
		return braintrust.LoginOrg{}, err
	}
	orgs, err := client.Login(ctx, appURL)
	if err != nil {
		return braintrust.LoginOrg{}, fmt.Errorf("asking %s for the organizations of the key: %w", appURL, err)
	}
	return s.choose(orgs)
}

// choose takes the organization that was named, the only one, the one that the profile had, or asks.
func (s *session) choose(orgs []braintrust.LoginOrg) (braintrust.LoginOrg, error) {
	if len(orgs) == 0 {
		return braintrust.LoginOrg{}, exit.Newf(exit.Auth, "the key belongs to no organization")
	}
	names := make([]string, len(orgs))
	for i, org := range orgs {
		names[i] = org.Name
	}
	if wanted, err := s.settings.Get("org"); err != nil {
		return braintrust.LoginOrg{}, err
	} else if wanted.Value != "" {
		if i := find(names, wanted.Value); i >= 0 {
			return orgs[i], nil
		}
		if wanted.Source.Kind == config.FromFlag || wanted.Source.Kind == config.FromEnvironment {
			return braintrust.LoginOrg{}, unknownOrg(wanted, names)
		}
	}
	if len(orgs) == 1 {
		return orgs[0], nil
	}
	if !s.app.Prompt.CanPrompt() {
		return braintrust.LoginOrg{}, exit.BadInputf("the key belongs to %d organizations: %s", len(orgs), strings.Join(names, ", ")).
			WithHint("name one of them with --org")
	}
	i, err := s.app.Prompt.Select("Which organization?", names)
	if err != nil {
		return braintrust.LoginOrg{}, err
	}
	return orgs[i], nil
}

// find prefers the exact name to one in other capitals; two of those are no answer.
func find(names []string, wanted string) int {
	folded := -1
	for i, name := range names {
		switch {
		case name == wanted:
			return i
		case strings.EqualFold(name, wanted) && folded >= 0:
			return -1
		case strings.EqualFold(name, wanted):
			folded = i
		}
	}
	return folded
}

func unknownOrg(wanted config.Value, names []string) error {
	err := exit.BadInputf("the key does not belong to organization %q (%s), but to %s",
		wanted.Value, wanted.Source, strings.Join(names, ", "))
	if near := text.Nearest(wanted.Value, names); len(near) > 0 {
		return err.WithHint("did you mean --org %q?", near[0])
	}
	return err
}

// apiURL decides where the key will be sent (A3): to the configured origin, unless the person agrees to the one that
// the server names. --yes is no such agreement; --api-url is.
func (s *session) apiURL(ctx context.Context, org braintrust.LoginOrg) (string, error) {
	configured := s.settings.APIURL()
	if org.APIURL == "" || sameURL(org.APIURL, configured) {
		return configured, nil
	}
	a := s.app
	if s.settings.APIURLGiven() {
		a.Status.Note("the server says that the API of %s is at %s; staying with %s, as you said", org.Name, org.APIURL, configured)
		return configured, nil
	}
	if _, err := braintrust.CheckURL(org.APIURL); err != nil {
		a.Status.Warn("the server says that the API of %s is elsewhere: %s; staying with %s", org.Name, err, configured)
		return configured, nil
	}
	a.Status.Warn("the server says that the API of %s is at %s, not at %s", org.Name, org.APIURL, configured)
	if !a.Prompt.CanPrompt() {
		return "", exit.BadInputf("the key was not sent to %s, because nobody said that it may be", org.APIURL).
			WithHint("if that address is right: btadmin auth login --api-url %s; else: --api-url %s", org.APIURL, configured)
	}
	yes, err := a.Prompt.WithContext(ctx).Confirm("Send the key to "+org.APIURL+" from now on?", false)
	if err != nil {
		return "", err
	}
	if yes {
		return org.APIURL, nil
	}
	a.Status.Note("staying with %s", configured)
	return configured, nil
}

// sameURL compares addresses in their canonical form.
func sameURL(a, b string) bool {
	left, err := braintrust.CheckURL(a)
	if err != nil {
		return false
	}
	right, err := braintrust.CheckURL(b)
	return err == nil && *left == *right
}
