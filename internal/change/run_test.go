package change_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"btadmin/internal/change"
	"btadmin/internal/change/journal"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// memorySink keeps a secret for a test.
type memorySink struct {
	secret     braintrust.Secret
	prepared   bool
	prepareErr error
	deliverErr error
}

func (s *memorySink) Prepare() error {
	s.prepared = true
	return s.prepareErr
}

func (s *memorySink) Deliver(secret braintrust.Secret) error {
	s.secret = secret
	return s.deliverErr
}

func (w *world) reads(permissions ...braintrust.Permission) []braintrust.ACLItem {
	node := access.Node{Type: "project", ID: w.project("Chatbot").ID}
	var items []braintrust.ACLItem
	for _, permission := range permissions {
		items = append(items, access.GrantItem(access.Principal{Kind: "group", ID: change.New("group", "QA")}, node, access.Tuple{Permission: permission}))
	}
	return items
}

func TestRunMakesAGroupWithItsGrants(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	create := &change.CreateGroup{GroupCreate: braintrust.GroupCreate{Name: "QA", MemberUsers: []string{w.user("bo@acme.example.com").ID}}}
	add := &change.AddACLs{Items: w.reads("read", "create")}
	review := w.review(add, create)
	before := w.server.Counts().Writes
	result, err := w.Run(t.Context(), review)
	if err != nil {
		t.Fatal(err)
	}
	if got := w.server.Counts().Writes - before; got != 2 {
		t.Errorf("%d writes, want 2", got)
	}
	if len(add.Out) != 2 || add.Out[0].GroupID != create.Out.ID {
		t.Errorf("grants: %+v", add.Out)
	}
	if result.Rows != 3 || result.Head == "" {
		t.Errorf("result: %+v", result)
	}
	head, entries, err := journal.Verify(w.journalDir())
	if err != nil || head != result.Head || entries != 6 {
		t.Errorf("journal: head %q of %d entries, %v", head, entries, err)
	}
}

// D7: what existed is never reported as created, also when it appears between the review and the run.
func TestD7ExistingGroupIsNotCreated(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	create := &change.CreateGroup{GroupCreate: braintrust.GroupCreate{Name: "QA", Description: "ours"}}
	review := w.review(create)
	if _, err := w.client.CreateGroup(t.Context(), braintrust.GroupCreate{Name: "QA", Description: "theirs"}); err != nil {
		t.Fatal(err)
	}
	_, err := w.Run(t.Context(), review)
	var exists *change.AlreadyExistsError
	var partial *change.PartialError
	if !errors.As(err, &exists) || errors.As(err, &partial) {
		t.Errorf("error %v", err)
	}
	if got := w.group("QA").Description; got != "theirs" {
		t.Errorf("the existing group was changed: %q", got)
	}
	if _, err := w.Review(t.Context(), w.plan(create)); !errors.As(err, &exists) {
		t.Errorf("a review does not see it: %v", err)
	}
}

// A lost answer to the creation of a group is found out by reading back: ours is ours.
func TestLostAnswerOfACreationIsSettled(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	create := &change.CreateGroup{GroupCreate: braintrust.GroupCreate{Name: "QA", Description: "ours"}}
	review := w.review(create)
	w.script.fail = func(n int, _ *http.Request) (before, after error) {
		if n == 1 {
			return nil, syscall.ECONNRESET
		}
		return nil, nil
	}
	if _, err := w.Run(t.Context(), review); err != nil {
		t.Fatal(err)
	}
	if create.Out.Description != "ours" {
		t.Errorf("Out = %+v", create.Out)
	}
}

// Each request fails in turn, refused or with its answer lost: never a success, and 5 exactly when
// something was changed.
func TestEachRequestFailsInTurn(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"refused", "never sent"} {
		for n := 1; n <= 3; n++ {
			t.Run(fmt.Sprintf("%s %d", mode, n), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				steps := []change.Step{
					&change.CreateGroup{GroupCreate: braintrust.GroupCreate{Name: "QA"}},
					&change.AddACLs{Items: w.reads("read")},
					&change.PatchGroup{Group: w.group("Evaluators"), Patch: braintrust.GroupPatch{Description: ptr("changed")}},
				}
				review := w.review(steps...)
				writes := 0
				w.script.fail = func(_ int, r *http.Request) (before, after error) {
					if writes++; writes < n {
						return nil, nil
					}
					if mode == "refused" {
						r.Header.Set("Authorization", "Bearer sk-sandbox-nobody")
						return nil, nil
					}
					return &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}, nil // nothing was sent
				}
				_, err := w.Run(t.Context(), review)
				var partial *change.PartialError
				switch {
				case err == nil:
					t.Fatal("no error")
				case errors.As(err, &partial) != (n > 1):
					t.Errorf("request %d: %v", n, err)
				case n > 1 && (partial.RunID == "" || partial.Done != n-1):
					t.Errorf("partial: %+v", partial)
				}
			})
		}
	}
}

// D6: a lost answer to a mint is never repeated, and names the token that may be an orphan.
func TestD6LostMintNamesTheOrphan(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mint := &change.MintToken{AccountID: w.server.Seeded().ServiceAccountID, Account: "owner", Name: "nightly", Sink: &memorySink{}}
	review := w.review(mint)
	mints := 0
	w.script.fail = func(_ int, r *http.Request) (before, after error) {
		if strings.HasSuffix(r.URL.Path, "/service_token") {
			mints++
			return nil, syscall.ECONNRESET
		}
		return nil, nil
	}
	_, err := w.Run(t.Context(), review)
	var partial *change.PartialError
	var orphan *change.OrphanError
	if !errors.As(err, &partial) || !errors.As(err, &orphan) {
		t.Fatalf("error %v", err)
	}
	if mints != 1 {
		t.Errorf("minted %d times", mints)
	}
	if len(orphan.Tokens) != 1 || !strings.Contains(partial.Advice, "service-tokens delete ") {
		t.Errorf("orphan %+v, advice %q", orphan, partial.Advice)
	}
}

// G15: a token that has nowhere to go is not minted.
func TestG15SinkIsPreparedFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	sink := &memorySink{prepareErr: errors.New("no space left on device")}
	_, err := w.Run(t.Context(), w.review(&change.MintToken{AccountID: w.server.Seeded().ServiceAccountID, Account: "owner", Name: "x", Sink: sink}))
	var refused *change.GuardError
	if !errors.As(err, &refused) || refused.Findings[0].Guard != "G15" {
		t.Errorf("error %v", err)
	}
	if w.server.Counts().Writes > 0 {
		t.Error("something was sent")
	}
}

func TestTwoThousandGrantsInFewRequests(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var items []braintrust.ACLItem
	group := w.group("Evaluators").ID
	for i := range 250 {
		project, err := w.client.CreateProject(t.Context(), braintrust.ProjectCreate{Name: fmt.Sprintf("p%03d", i)})
		if err != nil {
			t.Fatal(err)
		}
		for _, permission := range braintrust.Permissions() {
			node := access.Node{Type: "project", ID: project.Object.ID}
			items = append(items, access.GrantItem(access.Principal{Kind: "group", ID: group}, node, access.Tuple{Permission: permission}))
		}
	}
	rows := 0
	w.Progress = func(n int) { rows += n }
	before := w.server.Counts().Writes
	if _, err := w.Run(t.Context(), w.review(&change.AddACLs{Items: items})); err != nil {
		t.Fatal(err)
	}
	if got := w.server.Counts().Writes - before; got > 10 {
		t.Errorf("%d writes for %d grants", got, len(items))
	}
	if rows != len(items) {
		t.Errorf("progress told of %d rows", rows)
	}
}

// An interrupt lets the request under way finish, starts no other, and says what is done.
func TestInterruptStopsBetweenChunks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Chunk, w.Parallelism = 1, 1
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	create := &change.CreateGroup{GroupCreate: braintrust.GroupCreate{Name: "QA"}}
	review := w.review(create, &change.AddACLs{Items: w.reads("read", "update", "delete")})
	w.Progress = func(int) {
		if create.Out.ID != "" && w.script.writes == 3 {
			cancel()
		}
	}
	_, err := w.Run(ctx, review)
	var partial *change.PartialError
	if !errors.As(err, &partial) || partial.Done != 3 {
		t.Fatalf("error %v", err)
	}
	if w.script.writes != 3 {
		t.Errorf("%d writes", w.script.writes)
	}
	cancelled, stop := context.WithCancel(t.Context())
	stop()
	if _, err := w.Run(cancelled, w.review(&change.CreateGroup{GroupCreate: braintrust.GroupCreate{Name: "Other"}})); !errors.Is(err, context.Canceled) || errors.As(err, &partial) {
		t.Errorf("before anything was sent: %v", err)
	}
}

// Without a journal nothing is sent.
func TestNoJournalNoChange(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Journal = func(string, string) (*journal.Journal, error) { return nil, errors.New("read-only file system") }
	if _, err := w.Run(t.Context(), w.review(&change.CreateGroup{GroupCreate: braintrust.GroupCreate{Name: "QA"}})); err == nil {
		t.Fatal("no error")
	}
	if w.server.Counts().Writes > 0 {
		t.Error("something was sent")
	}
}

// A8: the journal holds no secret, and shows every intent before its outcome.
func TestA8JournalHoldsNoSecret(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	sink := &memorySink{}
	account := &change.CreateServiceAccount{Name: "ci", TokenName: "first", Sink: sink}
	if _, err := w.Run(t.Context(), w.review(account)); err != nil {
		t.Fatal(err)
	}
	if sink.secret.IsZero() || !sink.prepared {
		t.Fatal("no secret was delivered")
	}
	files, err := filepath.Glob(filepath.Join(w.journalDir(), "*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("files %v, %v", files, err)
	}
	raw, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(raw), sink.secret.Reveal()) {
		t.Error("the journal holds the token")
	}
	var types []string
	for line := range strings.Lines(string(raw)) {
		_, rest, _ := strings.Cut(line, `"type":"`)
		kind, _, _ := strings.Cut(rest, `"`)
		types = append(types, kind)
	}
	if diff := cmp.Diff([]string{"run_begin", "intent", "outcome", "run_end"}, types); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
