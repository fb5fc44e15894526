package access_test

import (
	"testing"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// TestOwnWords: a word stands for the type that it is the word of, and for no other.
func TestOwnWords(t *testing.T) {
	t.Parallel()
	words := 0
	for _, objectType := range append(braintrust.ObjectTypes(), "", "newer") {
		word, has := access.OwnWord(objectType)
		if back, is := access.OwnType(word); is != has || has && back != objectType {
			t.Errorf("%q is called %q, which is %q", objectType, word, back)
		}
		if has != access.IsOwn(objectType) && objectType != braintrust.ObjectOrgAISecret {
			t.Errorf("whether %q is the organization's own", objectType)
		}
		if has {
			words++
		}
	}
	if words != 4 || !access.IsOwn(braintrust.ObjectOrgAISecret) || access.IsOwn(braintrust.ObjectGroup) {
		t.Errorf("%d words", words)
	}
}
