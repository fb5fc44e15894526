package terraform

import (
	"fmt"
	"strings"
	"time"
)

// row is one step at one size, without and with latency.
type row struct {
	what         string
	size         size
	ours, theirs [2]ended
}

// beside is the rows as Markdown.
func beside(rows []row) string {
	const each = "%[1]s: requests | at 0 ms | at 50 ms | processor | "
	var b strings.Builder
	fmt.Fprintf(&b, "| projects / groups / ACLs | | "+each, "btadmin")
	fmt.Fprintf(&b, strings.TrimSpace(each)+"\n|"+strings.Repeat("---|", 10)+"\n", "Terraform")
	for _, r := range rows {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", r.size, r.what, cells(r.ours), cells(r.theirs))
	}
	return b.String()
}

// requestsOnly is what Terraform sends.
func requestsOnly(rows []row) string {
	var b strings.Builder
	b.WriteString("| projects / groups / ACLs | | Terraform: requests |\n|---|---|---|\n")
	for _, r := range rows {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", r.size, r.what, r.theirs[0].requests())
	}
	return b.String()
}

// cells are the requests, the two times, and the processor time without latency. Where there were more or fewer requests with
// latency, both are there.
func cells(e [2]ended) string {
	requests := e[0].requests()
	if other := e[1].requests(); other != requests {
		requests += " or " + other
	}
	return fmt.Sprintf("%s | %s | %s | %s", requests, seconds(e[0].took), seconds(e[1].took), seconds(e[0].processor))
}

func seconds(d time.Duration) string {
	if d < 10*time.Second {
		return fmt.Sprintf("%.2f s", d.Seconds())
	}
	return fmt.Sprintf("%.0f s", d.Seconds())
}

// requests are all of them, and how many of them write.
func (e ended) requests() string {
	text := fmt.Sprint(e.counts.Reads + e.counts.Writes)
	switch writes := e.counts.Writes; {
	case writes == 1:
		text += " (1 write)"
	case writes > 1:
		text += fmt.Sprintf(" (%d writes)", writes)
	}
	if e.code == 1 {
		text += ", then fails"
	}
	return text
}
