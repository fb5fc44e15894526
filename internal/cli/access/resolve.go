package access

import (
	"context"

	"btadmin/internal/app"
	"btadmin/internal/exit"
	"btadmin/internal/orgstate"
	"btadmin/internal/orgview"
	"btadmin/internal/resolve"
	"btadmin/pkg/access"
)

// words are what somebody typed for one request.
type words struct {
	principal, permission, object, objects string
}

// asker is where questions are put: the server, or a snapshot file.
type asker struct {
	app   *app.App
	names *resolve.Resolver
	file  *orgview.File // nil: the server

	people  looked[resolve.Named]
	targets looked[resolve.Target]
}

// looked keeps what references stand for: thousands of questions are about few things.
type looked[T any] map[string]T

func (l looked[T]) up(ctx context.Context, ref string, find func(context.Context, string) (T, error)) (T, error) {
	if found, known := l[ref]; known {
		return found, nil
	}
	found, err := find(ctx, ref)
	if err == nil {
		l[ref] = found
	}
	return found, err
}

func newAsker(ctx context.Context, a *app.App, snapshot string) (*asker, error) {
	k := &asker{app: a, people: looked[resolve.Named]{}, targets: looked[resolve.Target]{}}
	if snapshot == "" {
		names, err := a.Resolver(ctx)
		k.names = names
		return k, err
	}
	file, err := orgview.OpenFile(snapshot)
	if err != nil {
		return nil, err
	}
	a.OnClose(file)
	table, err := a.Labels()
	if err != nil {
		return nil, err
	}
	k.names, k.file = file.Resolver().WithLabels(table), file
	return k, nil
}

// ask resolves what was typed.
func (k *asker) ask(ctx context.Context, w words) (request, error) {
	who, err := k.people.up(ctx, w.principal, k.whoIs)
	if err != nil {
		return request{}, err
	}
	target, err := k.targets.up(ctx, w.object, k.names.Target)
	if err != nil {
		return request{}, err
	}
	asked, err := questions(k.names.Labels(), target, w.permission, w.objects)
	return request{principal: who, target: target, asked: asked}, err
}

// caller is whose key sees what is asked: that of this run, or the one that made the snapshot.
func (k *asker) caller(ctx context.Context) (orgstate.Caller, error) {
	if k.file != nil {
		return orgstate.Caller{UserID: k.file.Meta.Reader}, nil
	}
	return k.app.Caller(ctx)
}

// whoIs resolves a principal; "me" and "self" are whoever the key belongs to.
func (k *asker) whoIs(ctx context.Context, ref string) (resolve.Named, error) {
	if ref != "me" && ref != "self" {
		return k.names.Principal(ctx, ref)
	}
	if k.file != nil {
		return resolve.Named{}, exit.BadInputf("a snapshot does not know who %q is", ref).
			WithHint("name the principal, such as user:EMAIL or sa:NAME")
	}
	caller, err := k.caller(ctx)
	if err != nil {
		return resolve.Named{}, err
	}
	if !caller.Known() {
		return resolve.Named{}, exit.Newf(exit.Failure, "the server does not tell who this key belongs to").
			WithHint("name the principal instead of %q, such as user:EMAIL or sa:NAME", ref)
	}
	user, err := k.names.User(ctx, caller.UserID)
	if err != nil {
		return resolve.Named{}, err
	}
	label := resolve.UserLabel(user)
	return resolve.Named{
		Principal: access.Principal{Kind: access.PrincipalUser, ID: user.ID}, Ref: "user:" + label, Name: label,
	}, nil
}
