package app

// For is this run with a profile of its own: its server, its key, its organization. It shares the streams, the flags
// and the secrets to be hidden. What the environment says about the server is about the profile in use, and does not
// reach another one. It is closed with the App that it comes from.
func (a *App) For(profile string) *App {
	streams := *a.IO
	env := streams.Env
	streams.Env = func(name string) string {
		switch name {
		case "BRAINTRUST_API_KEY", "BRAINTRUST_API_URL", "BRAINTRUST_APP_URL", "BRAINTRUST_ORG_NAME", "BRAINTRUST_PROFILE":
			return ""
		}
		return env(name)
	}
	global := *a.Flags
	global.Profile, global.Sandbox = profile, false
	other := &App{
		IO: &streams, Info: a.Info, Args: a.Args, Flags: &global, Status: a.Status, Prompt: a.Prompt, Now: a.Now,
		started: a.started, redactor: a.redactor,
	}
	a.OnClose(other)
	return other
}
