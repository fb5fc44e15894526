package batch_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"btadmin/internal/batch"
)

func TestTargets(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		args   []string
		stdin  string
		want   []string
		piped  bool
		failed bool
	}{
		"arguments":        {[]string{"a", "b"}, "c\n", []string{"a", "b"}, false, false},
		"ids":              {[]string{"-"}, "a\nb\n", []string{"a", "b"}, true, false},
		"objects":          {[]string{"-"}, `[{"id":"a"},{"id":"b"}]`, []string{"a", "b"}, true, false},
		"nothing piped":    {[]string{"-"}, "", nil, true, true},
		"dash with others": {[]string{"a", "-"}, "b\n", nil, true, true},
		"broken":           {[]string{"-"}, `[{"id":`, nil, true, true},
	}
	for name, c := range cases {
		got, piped, err := batch.Targets(c.args, strings.NewReader(c.stdin))
		if (err != nil) != c.failed || piped != c.piped {
			t.Errorf("%s: piped %v, error %v", name, piped, err)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
