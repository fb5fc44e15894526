package cli_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/itchyny/gojq"
)

// filterProgram is the name under which pages and examples find jq, so that they run where it is not installed.
const filterProgram = "jq-under-test"

// filterMain is as much of jq as the documentation uses: -r, -e, one filter, and files or standard input.
func filterMain() {
	code, err := filter(os.Args[1:], os.Stdin, os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "jq: error:", err)
		code = 5
	}
	os.Exit(code)
}

func filter(args []string, in io.Reader, out io.Writer) (int, error) {
	raw, wantsTruth := false, false
	for len(args) > 0 && args[0] != "" && args[0][0] == '-' {
		switch args[0] {
		case "-r":
			raw = true
		case "-e":
			wantsTruth = true
		default:
			return 2, fmt.Errorf("flag %s is not supported by the jq of these tests", args[0])
		}
		args = args[1:]
	}
	if len(args) == 0 {
		return 2, errors.New("no filter")
	}
	query, err := gojq.Parse(args[0])
	if err != nil {
		return 3, err
	}
	inputs := []io.Reader{in}
	if len(args) > 1 {
		inputs = nil
		for _, name := range args[1:] {
			file, err := os.Open(name)
			if err != nil {
				return 2, err
			}
			defer file.Close()
			inputs = append(inputs, file)
		}
	}
	writer := bufio.NewWriter(out)
	defer writer.Flush()
	code := 0
	if wantsTruth {
		code = 4 // no output at all
	}
	for decoder := json.NewDecoder(io.MultiReader(inputs...)); ; {
		var value any
		if err := decoder.Decode(&value); err == io.EOF {
			return code, nil
		} else if err != nil {
			return 2, err
		}
		for iter := query.Run(value); ; {
			result, more := iter.Next()
			if !more {
				break
			}
			if err, failed := result.(error); failed {
				return 5, err
			}
			if wantsTruth {
				code = 0
				if result == nil || result == false {
					code = 1
				}
			}
			text, plain := result.(string)
			if !raw || !plain {
				encoded, err := gojq.Marshal(result)
				if err != nil {
					return 5, err
				}
				text = string(encoded)
			}
			fmt.Fprintln(writer, text)
		}
	}
}
