package app

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"btadmin/internal/config"
	"btadmin/internal/credentials"
	"btadmin/internal/exit"
	"btadmin/internal/orgstate"
	"btadmin/pkg/braintrust"
)

// Settings returns the settings of this run: flags over environment over profile over defaults.
func (a *App) Settings() (*config.Settings, error) {
	return a.settings.get(func() (*config.Settings, error) {
		settings, err := config.Load(a.IO.Env, a.Flags)
		if err != nil {
			return nil, err
		}
		for _, warning := range settings.Warnings() {
			a.Status.Warn("%s", warning)
		}
		return settings, nil
	})
}

// connection is what a client is made of.
type connection struct {
	baseURL string
	key     braintrust.Secret
	org     string
	next    http.RoundTripper
}

// Client returns the API client of this run. On --dry-run it cannot write: its transport refuses.
func (a *App) Client(ctx context.Context) (*braintrust.Client, error) {
	return a.client.get(func() (*braintrust.Client, error) {
		settings, err := a.Settings()
		if err != nil {
			return nil, err
		}
		c, err := a.connect(ctx, settings)
		if err != nil {
			return nil, err
		}
		a.Remember(c.key)
		a.key = c.key
		return a.NewClient(settings, c.baseURL, c.key, c.org, c.next)
	})
}

// NewClient makes a client with the settings of this run; login and rotate try other keys with it.
func (a *App) NewClient(settings *config.Settings, baseURL string, key braintrust.Secret, org string, next http.RoundTripper) (*braintrust.Client, error) {
	if next == nil {
		var err error
		if next, err = braintrust.NewTransport(braintrust.TransportOptions{CACertFile: settings.CACert()}); err != nil {
			return nil, certificateError(settings, err)
		}
	}
	patience := deadline{next: next, now: a.Now}
	if limit := settings.Timeout(); limit > 0 {
		patience.until = a.started.Add(limit)
		next = patience
	}
	a.next = next
	return braintrust.New(braintrust.Config{
		BaseURL: baseURL, Key: key, OrgName: org, UserAgent: "btadmin/" + a.Info.Version,
		Transport: next, ReadOnly: a.Flags.DryRun, Parallelism: settings.Parallelism(), Observe: a.observe, Retry: braintrust.RetryPolicy{Sleep: patience.pause},
	})
}

// certificateError says who named the file that is no good.
func certificateError(settings *config.Settings, err error) error {
	bad := exit.New(exit.BadInput, err)
	if named, e := settings.Get("ca-cert"); e == nil {
		return bad.WithHint("it was named by %s; it must be a file with PEM certificates", named.Source)
	}
	return bad
}

func (a *App) connect(ctx context.Context, settings *config.Settings) (connection, error) {
	if settings.Sandbox() {
		return a.sandboxConnection()
	}
	if err := settings.CheckProfile(); err != nil {
		return connection{}, err
	}
	found, err := credentials.Find(ctx, settings)
	if err != nil {
		return connection{}, err
	}
	key := found.Key
	a.Remember(key)
	if err := credentials.CheckServer(key, settings.APIURL()); err != nil {
		return connection{}, err
	}
	return connection{baseURL: settings.APIURL(), key: key, org: settings.OrgName()}, nil
}

// Transport is what carries the requests of this run, for a client with another key.
func (a *App) Transport() http.RoundTripper { return a.next }

// Caller finds out who the key of this run belongs to, once.
func (a *App) Caller(ctx context.Context) (orgstate.Caller, error) {
	return a.caller.get(func() (orgstate.Caller, error) {
		client, err := a.Client(ctx)
		if err != nil {
			return orgstate.Caller{}, err
		}
		return orgstate.WhoAmI(ctx, client, a.key)
	})
}

// host is the API's host, under which the journal is kept.
func host(client *braintrust.Client) string {
	u, err := url.Parse(client.BaseURL())
	if err != nil {
		return "unknown"
	}
	return u.Host
}

// observe counts a request, and prints it under --debug.
func (a *App) observe(x braintrust.Exchange) {
	a.requests.Add(1)
	if !a.debugging() {
		return
	}
	outcome := fmt.Sprint(x.Status)
	if x.Err != nil {
		outcome = a.Redact(x.Err.Error())
	}
	a.Status.Print("debug: %s %s: %s in %s, attempt %d, request id %s", x.Method, a.Redact(x.URL), outcome, x.Duration.Round(durationUnit), x.Attempt, a.Redact(x.RequestID))
}

func (a *App) debugging() bool {
	settings, err := a.Settings()
	return err == nil && settings.Debug()
}
