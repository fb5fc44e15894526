package holdings

import (
	"strings"

	"btadmin/internal/matrix"
)

// GroupWords names the groups in one cell; an inherited one with the group that it comes through.
func (h *Holdings) GroupWords() string {
	words := make([]string, len(h.Groups))
	for i, g := range h.Groups {
		words[i] = g.GroupName
		if !g.Direct {
			words[i] += " (via " + g.ViaGroupName + ")"
		}
	}
	return h.cell("groups", words)
}

// GrantWords names the direct grants in one cell.
func (h *Holdings) GrantWords() string {
	words := make([]string, len(h.Grants))
	for i, row := range h.Grants {
		on := row.Object
		if row.Kinds != "" {
			on += " " + row.Kinds
		}
		words[i] = on + ": " + matrix.Words(row)
	}
	return h.cell("grants", words)
}

// TokenWords names the service tokens and API keys in one cell.
func (h *Holdings) TokenWords() string {
	var words []string
	for _, t := range h.ServiceTokens {
		words = append(words, t.Name+" ("+t.PreviewName+")")
	}
	for _, k := range h.APIKeys {
		words = append(words, "API key "+k.Name+" ("+k.PreviewName+")")
	}
	return h.cell("service_tokens", words)
}

func (h *Holdings) cell(list string, words []string) string {
	for _, unreadable := range h.Unreadable {
		if unreadable == list {
			words = append(words, "(not readable with this key)")
		}
	}
	return strings.Join(words, "; ")
}
