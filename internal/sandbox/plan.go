package sandbox

// plan is the subscription in force: what the options say, else what the store was seeded with.
func (s *Server) plan(w *world) Plan {
	switch {
	case s.opts.Plan != "":
		return s.opts.Plan
	case w.meta.Plan != "":
		return w.meta.Plan
	}
	return PlanEnterprise
}

// planAllows refuses what needs the Enterprise plan (domain.md, section 6).
func (c *call) planAllows(what string) error {
	plan := c.s.plan(c.world)
	if plan == PlanEnterprise {
		return nil
	}
	return forbidden("%s need the Enterprise plan; this organization is on the %s plan", what, plan)
}
