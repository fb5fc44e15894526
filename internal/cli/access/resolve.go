package access

import (
	"context"

	"btadmin/internal/app"
	"btadmin/internal/exit"
	"btadmin/internal/resolve"
	"btadmin/pkg/access"
)

// words are what somebody typed for one request.
type words struct {
	principal, permission, object, objects string
}

// ask resolves what was typed.
func ask(ctx context.Context, a *app.App, w words) (request, error) {
	r, err := a.Resolver(ctx)
	if err != nil {
		return request{}, err
	}
	who, err := whoIs(ctx, a, r, w.principal)
	if err != nil {
		return request{}, err
	}
	target, err := r.Target(ctx, w.object)
	if err != nil {
		return request{}, err
	}
	asked, err := questions(target, w.permission, w.objects)
	return request{principal: who, target: target, asked: asked}, err
}

// whoIs resolves a principal; "me" and "self" are whoever the key belongs to.
func whoIs(ctx context.Context, a *app.App, r *resolve.Resolver, ref string) (resolve.Named, error) {
	if ref != "me" && ref != "self" {
		return r.Principal(ctx, ref)
	}
	caller, err := a.Caller(ctx)
	if err != nil {
		return resolve.Named{}, err
	}
	if !caller.Known() {
		return resolve.Named{}, exit.Newf(exit.Failure, "the server does not tell who this key belongs to").
			WithHint("name the principal instead of %q, such as user:EMAIL or sa:NAME", ref)
	}
	user, err := r.User(ctx, caller.UserID)
	if err != nil {
		return resolve.Named{}, err
	}
	label := resolve.UserLabel(user)
	return resolve.Named{
		Principal: access.Principal{Kind: access.PrincipalUser, ID: user.ID}, Ref: "user:" + label, Name: label,
	}, nil
}
