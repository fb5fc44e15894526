package meta

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"btadmin/internal/config"
)

// NewTopics makes the help topics that belong to no command, read with `btadmin help TOPIC`. Those about permissions
// and about keys are the help of the nouns permissions and auth.
func NewTopics() []*cobra.Command {
	return []*cobra.Command{
		topic("environment", "the environment variables that btadmin reads", environmentPage()),
		topic("exit-codes", "what the exit codes mean", exitCodesPage),
		topic("references", "how objects and principals are named", referencesPage),
		topic("formatting", "tables, JSON, --jq and --fields", formattingPage, "output"),
	}
}

func topic(name, short, long string, before ...string) *cobra.Command {
	return &cobra.Command{Use: name, Short: short, Long: long, Aliases: before} // not runnable: cobra lists it under help topics
}

func environmentPage() string {
	var b strings.Builder
	b.WriteString("Flags win over the environment, the environment over the profile, the profile over defaults.\n\n")
	for _, v := range config.Environment() {
		flag := ""
		if v.Flag != "" {
			flag = " (" + v.Flag + ")"
		}
		fmt.Fprintf(&b, "  %-24s %s%s\n", v.Name, v.Meaning, flag)
	}
	return b.String()
}

const exitCodesPage = `  0    done and confirmed; "yes"; no differences; an empty list; a closed pipe on a read
  1    any other error
  2    not authenticated or not permitted
  3    network, timeout, or the server's 429 and 5xx after retries; nothing was changed
  4    bad input: usage, an unknown or ambiguous name, an invalid file, a missing --yes
  5    partial or unconfirmed: something was changed or may have been; the run id is printed
  6    "no" (access check, access explain), differences, findings
  7    refused by a guard, a stale plan, or a lock that is held; nothing was sent
  70   a bug in btadmin
  130  interrupted or declined; nothing was sent

When several apply, the order is 5, 7, 2, 3, 4, 1.`

const referencesPage = `Whatever names a thing takes its name, its e-mail or its UUID. A name that fits several things is an error
that lists them.

Objects
  organization, all-projects, members, audit-logs
  project:NAME            experiment:PROJECT/NAME    prompt:PROJECT/SLUG
  dataset:PROJECT/NAME    function:PROJECT/SLUG      playground:ID
  logs:PROJECT            group:NAME                 role:NAME
  TYPE:UUID               anything that the server knows

Principals
  user:EMAIL    group:NAME    service-account:NAME or sa:NAME    user:UUID
  Where it is clear, an e-mail or a name alone is enough.`

const formattingPage = `Standard output is data; everything else goes to standard error.

  terminal         a table, with relative times; on fewer than 60 columns, rows that do not fit are stacked
  pipe             tab-separated values without a header, times in RFC 3339
  --json           one JSON document with every field
  --jq EXPR        the JSON document, filtered
  --fields a,b     only these fields
  -o FORMAT        table, json, jsonl, yaml, csv or tsv

Under --json an error is one JSON object on standard error, with error, hint and exit_code.`
