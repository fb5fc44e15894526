package prompt

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"btadmin/internal/text"
)

// selectNumber is Select without moving the cursor.
func (p *Prompter) selectNumber(ctx context.Context, label string, options []string) (int, error) {
	p.say(text.Visible(label) + "\n")
	for i, o := range options {
		p.say(fmt.Sprintf("  %d) %s\n", i+1, text.Visible(o)))
	}
	for {
		answer, err := p.ask(ctx, fmt.Sprintf("number [1-%d]: ", len(options)))
		if err != nil {
			return 0, err
		}
		chosen, err := numbers(answer, len(options))
		if err == nil && len(chosen) == 1 {
			return chosen[0], nil
		}
		p.say(fmt.Sprintf("answer one number from 1 to %d\n", len(options)))
	}
}

// selectNumbers is MultiSelect without moving the cursor.
func (p *Prompter) selectNumbers(ctx context.Context, label string, options []string, preselected []int) ([]int, error) {
	kept := []int{}
	p.say(text.Visible(label) + "\n")
	for i, o := range options {
		mark := " "
		if slices.Contains(preselected, i) {
			mark = "x"
			kept = append(kept, i)
		}
		p.say(fmt.Sprintf("  %d) [%s] %s\n", i+1, mark, text.Visible(o)))
	}
	for {
		answer, err := p.ask(ctx, "numbers to tick, \"all\" or \"none\" (empty keeps the ticks shown): ")
		if err != nil {
			return nil, err
		}
		switch strings.ToLower(strings.TrimSpace(answer)) {
		case "":
			return kept, nil
		case "none":
			return []int{}, nil
		case "all":
			answer = fmt.Sprintf("1-%d", len(options))
		}
		chosen, err := numbers(answer, len(options))
		if err == nil {
			return chosen, nil
		}
		p.say(err.Error() + "\n")
	}
}

// numbers reads "1, 3-5 7" as sorted indexes from 0.
func numbers(answer string, count int) ([]int, error) {
	var chosen []int
	for _, part := range strings.FieldsFunc(answer, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' }) {
		first, last, span := strings.Cut(part, "-")
		from, err := strconv.Atoi(first)
		to := from
		if span && err == nil {
			to, err = strconv.Atoi(last)
		}
		if err != nil || from < 1 || to > count || from > to {
			return nil, fmt.Errorf("%s is no number from 1 to %d", text.Visible(strconv.Quote(part)), count)
		}
		for n := from; n <= to; n++ {
			chosen = append(chosen, n-1)
		}
	}
	if len(chosen) == 0 {
		return nil, fmt.Errorf("answer numbers from 1 to %d", count)
	}
	slices.Sort(chosen)
	return slices.Compact(chosen), nil
}
