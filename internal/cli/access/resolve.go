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
}

func newAsker(ctx context.Context, a *app.App, snapshot string) (*asker, error) {
	if snapshot == "" {
		names, err := a.Resolver(ctx)
		return &asker{app: a, names: names}, err
	}
	file, err := orgview.OpenFile(snapshot)
	if err != nil {
		return nil, err
	}
	a.OnClose(file)
	return &asker{app: a, names: file.Resolver(), file: file}, nil
}

// ask resolves what was typed.
func (k *asker) ask(ctx context.Context, w words) (request, error) {
	who, err := k.whoIs(ctx, w.principal)
	if err != nil {
		return request{}, err
	}
	target, err := k.names.Target(ctx, w.object)
	if err != nil {
		return request{}, err
	}
	asked, err := questions(target, w.permission, w.objects)
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
