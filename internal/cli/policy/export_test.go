package policy

import "testing"

// What is left out is told in whole sentences, whether it is one thing or several.
func TestNotIn(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{
		1: "1 thing is not in it and stays as it is; a comment at the top says which",
		2: "2 things are not in it and stay as they are; the comments at the top list them",
	} {
		if got := notIn(n); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
}
