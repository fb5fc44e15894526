package orgstate

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"btadmin/internal/parallel"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// idChunk is how many ids one list request carries, so that its URL stays short.
const idChunk = 100

// NamedObjects reads the objects that grants name; which project they are in decides who reaches them. What is
// deleted or hidden from the key is missing from the answer.
func NamedObjects(ctx context.Context, client *braintrust.Client, items []braintrust.ACLItem) ([]access.Object, error) {
	ids := map[braintrust.ObjectType][]string{}
	seen := map[access.Node]bool{}
	for _, item := range items {
		if n := access.NodeOf(item); !seen[n] {
			seen[n] = true
			ids[n.Type] = append(ids[n.Type], n.ID)
		}
	}
	var mu sync.Mutex
	var all []access.Object
	work, ctx := parallel.WithContext(ctx)
	for _, kinds := range [][]braintrust.ObjectKind{
		{braintrust.KindExperiment}, {braintrust.KindDataset}, {braintrust.KindPrompt, braintrust.KindFunction},
	} {
		for chunk := range slices.Chunk(ids[kinds[0].Type()], idChunk) {
			work.Go(func() error {
				found, err := objectsByID(ctx, client, kinds, chunk)
				mu.Lock()
				defer mu.Unlock()
				all = append(all, found...)
				return err
			})
		}
	}
	err := work.Wait()
	return all, err
}

// objectsByID finds the objects with these ids, each of the first of the kinds that has it; prompts and functions
// share their type, so that an id does not tell which it is. It takes one request a kind when all are found. What is
// deleted or hidden is missing from the answer.
func objectsByID(ctx context.Context, client *braintrust.Client, kinds []braintrust.ObjectKind, ids []string) ([]access.Object, error) {
	var found []access.Object
	missing := slices.Clone(ids)
	keep := func(kind braintrust.ObjectKind, objects []braintrust.Object) {
		for _, o := range objects {
			if i := slices.Index(missing, o.ID); i >= 0 {
				missing = slices.Delete(missing, i, i+1)
				found = append(found, access.Object{Kind: kind, Object: o})
			}
		}
	}
	for _, kind := range kinds {
		if len(missing) == 0 {
			return found, nil
		}
		page, err := client.ObjectPage(ctx, kind, braintrust.ObjectFilter{IDs: missing})
		if err != nil && !braintrust.IsForbidden(err) {
			return nil, fmt.Errorf("list %ss by id: %w", kind, err)
		}
		keep(kind, page)
	}
	for _, kind := range kinds { // a short page is not the end of a list
		if len(missing) == 0 {
			return found, nil
		}
		rest, err := braintrust.Collect(client.Objects(ctx, kind, braintrust.ObjectFilter{IDs: missing}))
		if err != nil && !braintrust.IsForbidden(err) {
			return nil, fmt.Errorf("list %ss by id: %w", kind, err)
		}
		keep(kind, rest)
	}
	return found, nil
}
