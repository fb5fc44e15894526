package text

import "strings"

// plainInShell are the characters that no shell takes apart.
const plainInShell = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@%:/.,_+-="

// ShellWord quotes s for a POSIX shell when it must be, so that a printed command can be pasted. What cannot
// be seen stays as it is: pass the result to Visible before it reaches a person.
func ShellWord(s string) string {
	if s != "" && !strings.ContainsFunc(s, func(r rune) bool { return !strings.ContainsRune(plainInShell, r) }) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// ShellLine is a command line of several words.
func ShellLine(words ...string) string {
	quoted := make([]string, len(words))
	for i, word := range words {
		quoted[i] = ShellWord(word)
	}
	return strings.Join(quoted, " ")
}
