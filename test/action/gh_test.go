//go:build unix

package action_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/itchyny/gojq"
)

// post is a comment of the pull request, as the fake gh keeps it.
type post struct {
	ID   int    `json:"databaseId"`
	Mine bool   `json:"viewerDidAuthor"`
	Body string `json:"body"`
}

// ghMain is a fake of GitHub's command line: as much as scripts/action.sh uses. Comments are in $FAKE_GH/comments.json,
// what was asked is in $FAKE_GH/calls.
func ghMain() {
	if err := gh(os.Getenv("FAKE_GH"), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "gh:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

var commentPath = regexp.MustCompile(`^repos/acme/access/issues/(comments/)?(\d+)(/comments)?$`)

func gh(dir string, args []string) error {
	if os.Getenv("GH_TOKEN") != "ghs_secret" {
		return errors.New("no token")
	}
	if os.Getenv("BRAINTRUST_API_KEY") != "" {
		return errors.New("the key of Braintrust was handed to gh")
	}
	if os.Getenv("FAKE_GH_FORBIDDEN") != "" {
		return errors.New("HTTP 403: Resource not accessible by integration\n::error::from an answer")
	}
	posts, err := readPosts(dir)
	if err != nil {
		return err
	}
	if len(args) > 1 && args[0] == "api" && args[1] == "graphql" {
		return query(posts, args[2:])
	}
	if len(args) != 7 || args[0] != "api" || args[1] != "--method" || args[4] != "-F" || args[6] != "--silent" {
		return fmt.Errorf("unexpected arguments %q", args)
	}
	match := commentPath.FindStringSubmatch(args[3])
	file, isFile := strings.CutPrefix(args[5], "body=@")
	if match == nil || !isFile {
		return fmt.Errorf("unexpected arguments %q", args)
	}
	body, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	switch {
	case args[2] == "POST" && match[1] == "" && match[2] == "7" && match[3] != "":
		posts = append(posts, post{ID: 1000 + len(posts), Mine: true, Body: string(body)})
	case args[2] == "PATCH" && match[1] != "" && match[3] == "":
		found := false
		for i := range posts {
			if fmt.Sprint(posts[i].ID) == match[2] {
				posts[i].Body, found = string(body), true
			}
		}
		if !found {
			return errors.New("HTTP 404")
		}
	default:
		return fmt.Errorf("unexpected arguments %q", args)
	}
	return writePosts(dir, posts)
}

// query answers the one query of the script, and runs its --jq.
func query(posts []post, args []string) error {
	var filter string
	fields := map[string]string{}
	for i := 0; i < len(args); i++ {
		switch args[i] {
		case "--paginate":
		case "-f", "-F":
			i++
			name, value, _ := strings.Cut(args[i], "=")
			fields[name] = value
		case "--jq":
			i++
			filter = args[i]
		default:
			return fmt.Errorf("unexpected argument %q", args[i])
		}
	}
	if fields["owner"] != "acme" || fields["name"] != "access" || fields["number"] != "7" || !strings.Contains(fields["query"], "$endCursor") {
		return fmt.Errorf("unexpected query %q", fields)
	}
	encoded, err := json.Marshal(map[string]any{"data": map[string]any{"repository": map[string]any{
		"pullRequest": map[string]any{"comments": map[string]any{"nodes": posts}},
	}}})
	if err != nil {
		return err
	}
	var answer any
	if err := json.Unmarshal(encoded, &answer); err != nil {
		return err
	}
	parsed, err := gojq.Parse(filter)
	if err != nil {
		return err
	}
	code, err := gojq.Compile(parsed, gojq.WithEnvironLoader(os.Environ))
	if err != nil {
		return err
	}
	for iter := code.Run(answer); ; {
		value, more := iter.Next()
		if !more {
			return nil
		}
		if err, failed := value.(error); failed {
			return err
		}
		fmt.Println(value)
	}
}

func readPosts(dir string) ([]post, error) {
	raw, err := os.ReadFile(filepath.Join(dir, "comments.json"))
	if errors.Is(err, os.ErrNotExist) {
		return []post{}, nil
	}
	if err != nil {
		return nil, err
	}
	var posts []post
	return posts, json.Unmarshal(raw, &posts)
}

func writePosts(dir string, posts []post) error {
	raw, err := json.Marshal(posts)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "comments.json"), raw, 0o600)
}
