package text_test

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"btadmin/internal/text"
)

func TestB3Confusable(t *testing.T) {
	t.Parallel()
	for _, other := range []string{
		"Owners", "OWNERS", "owners", "Owners ", " Owners", "Owners\u00A0", "Owners\u3164", "\uFEFFOwners",
		"Оwners",           // Cyrillic O
		"Οwners",           // Greek Omicron
		"Ｏｗｎｅｒｓ",           // full-width
		"𝐎𝐰𝐧𝐞𝐫𝐬", "Ｏwners", // mathematical, mixed
		"0wners",       // digit
		"Own\u200Bers", // zero width
		"Own\u202Eers", // bidirectional
		"Ow\u00ADners", // soft hyphen
		"Owner\u017F",  // long s
		"ОWΝЕRЅ",       // mostly Cyrillic and Greek capitals
		"Оwnеrs",       // two scripts at once
	} {
		if !text.Confusable("Owners", other) {
			t.Errorf("%q passes for another name than Owners: %q, %q", other, text.Skeleton("Owners"), text.Skeleton(other))
		}
	}
	if !text.Confusable("a  b", " A b ") {
		t.Error("repeated space counts")
	}
	for _, other := range []string{"", "Owner", "Engineers", "Öwners", "O wners", "Owners2"} {
		if text.Confusable("Owners", other) {
			t.Errorf("%q is confused with Owners", other)
		}
	}
	for a, b := range map[string]string{"Kelvin": "\u212Aelvin", "paypal": "раураl", "Viewers": "Ѵіеwеrѕ", "e\u0301": "é", "ﬁle": "file", "Engineers’": "Engineers'", "QA–1": "QA-1"} {
		if !text.Confusable(a, b) {
			t.Errorf("%q and %q: %q, %q", a, b, text.Skeleton(a), text.Skeleton(b))
		}
	}
}

func TestB3SkeletonProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "name")
		k := text.Skeleton(s)
		if text.Skeleton(norm.NFD.String(s)) != k || text.Skeleton(norm.NFC.String(s)) != k || text.Skeleton(" "+s+"\u00A0") != k {
			t.Fatalf("%q: normal forms or space around it change %q", s, k)
		}
		if text.Unsafe(k) {
			t.Fatalf("%q has the unsafe skeleton %q", s, k)
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`[A-Za-z0-9 _.-]{1,20}`).Draw(t, "name")
		if !text.Confusable(s, strings.ToUpper(s)) || !text.Confusable(s, strings.ToLower(s)) {
			t.Fatalf("the case of %q counts", s)
		}
	})
}

func TestC4CanonicalEmail(t *testing.T) {
	t.Parallel()
	same := [][]string{
		{"a@x.com", "A@X.com", " a@x.com", "a@x.com\u00A0", "a@x.com\r\n", "\uFEFFa@x.com\u200B"},
		{"jose\u0301@x.com", "jos\u00E9@x.com", "JOSE\u0301@X.COM", "JOS\u00C9@x.com"},
	}
	for _, group := range same {
		for _, s := range group {
			if got := text.CanonicalEmail(s); got != text.CanonicalEmail(group[0]) {
				t.Errorf("%q is %q, not %q", s, got, text.CanonicalEmail(group[0]))
			}
		}
	}
	different := []string{"ali@x.com", "alı@x.com", "alİ@x.com", "аli@x.com", "al\u200Bi@x.com", "a.li@x.com", "ali+1@x.com", "ａli@x.com"}
	for i, a := range different {
		for _, b := range different[i+1:] {
			if text.CanonicalEmail(a) == text.CanonicalEmail(b) {
				t.Errorf("%q and %q are one address", a, b)
			}
		}
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	candidates := []string{"groups", "members", "roles", "service-accounts", "service-tokens", "Production", "production-eu"}
	tests := []struct {
		word string
		want []string
	}{
		{"gruops", []string{"groups"}},
		{"group", []string{"groups"}},
		{"MEMBERS", []string{"members"}},
		{"service", []string{"service-accounts", "service-tokens"}},
		{"prodcution", []string{"Production"}},
		{"zzz", nil},
		{"", nil},
		{strings.Repeat("x", 300), nil},
	}
	for _, tt := range tests {
		if got := text.Nearest(tt.word, candidates); !slices.Equal(got, tt.want) {
			t.Errorf("%q: got %q, want %q", tt.word, got, tt.want)
		}
	}
	people := []string{"ada@acme.example.com", "liam@acme.example.com"}
	for word, want := range map[string][]string{
		"laim@acme.example.com": {"liam@acme.example.com"}, "liam@acme.exmaple.com": {"liam@acme.example.com"},
		"lima@acme.example.com": {"liam@acme.example.com"}, "ana@acme.example.com": {"ada@acme.example.com"},
		"noa@acme.example.com": nil, "liam@partner.test": nil, "liam@": {"liam@acme.example.com"},
	} {
		if got := text.Nearest(word, people); !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", word, got, want)
		}
	}
	if got := text.Nearest("aaaa", []string{"aaab", "aaac", "aaad", "aaae", "aaab"}); len(got) != 3 {
		t.Errorf("got %q", got)
	}
}
