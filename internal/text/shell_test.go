package text_test

import (
	"testing"

	"btadmin/internal/text"
)

func TestShellLine(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		words []string
		want  string
	}{
		{nil, ""},
		{[]string{"btadmin", "groups", "view", "QA"}, "btadmin groups view QA"},
		{[]string{"view", "Prompt editor"}, "view 'Prompt editor'"},
		{[]string{"it's", "", "a$b", "user:ana@example.com", "--jq=.[]"}, `'it'\''s' '' 'a$b' user:ana@example.com '--jq=.[]'`},
		{[]string{"project:Chatbot", "a\nb", "~"}, "project:Chatbot 'a\nb' '~'"},
	} {
		if got := text.ShellLine(test.words...); got != test.want {
			t.Errorf("ShellLine(%q) = %s, want %s", test.words, got, test.want)
		}
	}
}
