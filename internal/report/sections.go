package report

import (
	"btadmin/internal/text"
)

// rule is the findings of one rule.
type rule struct {
	ID, Title, Severity string
	Count               string
	Findings            []finding
	More                int
}

type finding struct {
	Message string
	Fix     []command
	MoreFix int
}

// rules gathers findings by rule, in the order in which they are.
func rules(all []Finding) []rule {
	var out []rule
	for first := 0; first < len(all); {
		last := first
		for last < len(all) && all[last].Rule == all[first].Rule {
			last++
		}
		same := all[first:last]
		r := rule{ID: same[0].Rule, Title: text.Visible(same[0].Title), Severity: same[0].Severity, Count: thousands(len(same))}
		for i, f := range same {
			if i == mostFindings {
				r.More = len(same) - i
				break
			}
			row := finding{Message: text.Visible(f.Message)}
			for j, line := range f.Fix {
				if j == mostFixes {
					row.MoreFix = len(f.Fix) - j
					break
				}
				row.Fix = append(row.Fix, commandOf(line))
			}
			r.Findings = append(r.Findings, row)
		}
		out = append(out, r)
		first = last
	}
	return out
}

// changes is Changes as shown.
type changes struct {
	File, Date string
	Facts      []string
	Parts      []changesPart
	None       bool
}

type changesPart struct {
	Title, Sign string
	Changes     []Change
	More        int
}

func changesOf(c *Changes) *changes {
	if c == nil {
		return nil
	}
	out := &changes{File: text.Visible(c.File), Date: date(c.Taken), Facts: visible(c.Facts)}
	for _, part := range []struct {
		title, sign string
		changes     []Change
	}{{"Gained", "+", c.Gained}, {"Lost", "−", c.Lost}} {
		if len(part.changes) == 0 {
			continue
		}
		shown := part.changes[:min(len(part.changes), mostChanges)]
		p := changesPart{Title: part.title, Sign: part.sign, More: len(part.changes) - len(shown)}
		for _, row := range shown {
			p.Changes = append(p.Changes, Change{
				Who: text.Visible(row.Who), What: text.Visible(row.What), Where: text.Visible(row.Where), Why: text.Visible(row.Why),
				Names: text.Visible(row.Names), On: text.Visible(row.On),
			})
		}
		out.Parts = append(out.Parts, p)
	}
	out.None = len(out.Facts) == 0 && len(out.Parts) == 0
	return out
}
