package complete

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// bashMends are what cobra's script for bash lacks for words such as read,create and user:dana@example.com: it
// quotes commas, so that what was typed fits no suggestion any more, and it leaves @ to bash, which breaks words
// there.
func bashMends(name string) [][2]string {
	quote := func(variable string) [2]string {
		line := variable + `=$(printf "%q" "${` + variable + `}")`
		return [2]string{line, line + "\n            " + variable + `=${` + variable + `//\\,/,}`}
	}
	single := `COMPREPLY[0]=$(printf "%q" "${COMPREPLY[0]%%$tab*}")`
	compared := `printf -v comp "%q" "${compline%%$tab*}" &>/dev/null || comp=$(printf "%q" "${compline%%$tab*}")`
	inserted := `IFS=$'\n' read -ra COMPREPLY -d '' < <(printf "%q\n" "${COMPREPLY[@]}")`
	special := "__" + name + `_handle_special_char "$cur" =`
	return [][2]string{
		quote("COMPREPLY[0]"),
		{single, single + "\n        " + `COMPREPLY[0]=${COMPREPLY[0]//\\,/,}`},
		{compared, compared + "\n        " + `comp=${comp//\\,/,}`},
		{inserted, inserted + "\n        " + `COMPREPLY=("${COMPREPLY[@]//\\,/,}")`},
		{special, special + "\n    __" + name + `_handle_special_char "$cur" @`},
		{"_init_completion -n =: ", "_init_completion -n =:@ "},
	}
}

// Bash writes the completion script for bash.
func Bash(root *cobra.Command, w io.Writer) error {
	var script bytes.Buffer
	if err := root.GenBashCompletionV2(&script, true); err != nil {
		return fmt.Errorf("completion for bash: %w", err)
	}
	mended := script.String()
	for _, mend := range bashMends(root.Name()) {
		if !strings.Contains(mended, mend[0]) {
			return fmt.Errorf("completion for bash: cobra's script has changed, it no longer has %q", mend[0])
		}
		mended = strings.ReplaceAll(mended, mend[0], mend[1])
	}
	_, err := io.WriteString(w, mended)
	return err
}
