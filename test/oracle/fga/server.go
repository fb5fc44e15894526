// Package fga runs a server of OpenFGA in this process.
package fga

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"time"

	openfgav1 "github.com/openfga/api/proto/openfga/v1"
	"github.com/openfga/openfga/pkg/server"
	"google.golang.org/protobuf/encoding/protojson"

	"btadmin/pkg/access/openfga"
)

// Server is a server that holds one organization.
type Server struct {
	server       *server.Server
	data         *datastore
	store, model string
}

// Start starts a server with an organization. Its limits on what a list holds and on how deep groups are nested are
// raised, because a list that is cut silently is a wrong answer.
func Start(ctx context.Context, s *openfga.Store, options ...server.OpenFGAServiceV1Option) (*Server, error) {
	model, err := Model(s.Model)
	if err != nil {
		return nil, err
	}
	f := &Server{data: newDatastore()}
	f.server, err = server.NewServerWithOpts(append([]server.OpenFGAServiceV1Option{
		server.WithDatastore(f.data),
		server.WithListObjectsMaxResults(0), server.WithListUsersMaxResults(0),
		server.WithListObjectsDeadline(time.Hour), server.WithListUsersDeadline(time.Hour), server.WithRequestTimeout(time.Hour),
		server.WithResolveNodeLimit(200), server.WithMaxConcurrentReadsForCheck(math.MaxUint32),
	}, options...)...)
	if err != nil {
		return nil, fmt.Errorf("start a server of OpenFGA: %w", err)
	}
	created, err := f.server.CreateStore(ctx, &openfgav1.CreateStoreRequest{Name: "organization"})
	if err != nil {
		return nil, fmt.Errorf("create a store: %w", err)
	}
	f.store = created.GetId()
	written, err := f.server.WriteAuthorizationModel(ctx, &openfgav1.WriteAuthorizationModelRequest{
		StoreId: f.store, SchemaVersion: model.GetSchemaVersion(), TypeDefinitions: model.GetTypeDefinitions(),
	})
	if err != nil {
		return nil, fmt.Errorf("write the model: %w", err)
	}
	f.model = written.GetAuthorizationModelId()
	return f, nil
}

// Model is a model in the server's own form.
func Model(m *openfga.Model) (*openfgav1.AuthorizationModel, error) {
	raw, err := json.Marshal(m.Document())
	if err != nil {
		return nil, err
	}
	model := &openfgav1.AuthorizationModel{}
	if err := protojson.Unmarshal(raw, model); err != nil {
		return nil, fmt.Errorf("read the model as OpenFGA does: %w", err)
	}
	return model, nil
}

// Write writes tuples the way that any client does: each is checked against the model.
func (f *Server) Write(ctx context.Context, tuples []openfga.Tuple) error {
	for start := 0; start < len(tuples); start += 100 {
		var keys []*openfgav1.TupleKey
		for _, t := range tuples[start:min(start+100, len(tuples))] {
			keys = append(keys, key(t))
		}
		_, err := f.server.Write(ctx, &openfgav1.WriteRequest{StoreId: f.store, AuthorizationModelId: f.model, Writes: &openfgav1.WriteRequestWrites{TupleKeys: keys}})
		if err != nil {
			return fmt.Errorf("write tuples: %w", err)
		}
	}
	f.data.finish()
	return nil
}

// Load is Write without the checks, for many.
func (f *Server) Load(tuples []openfga.Tuple) {
	for _, t := range tuples {
		f.data.add(key(t))
	}
	f.data.finish()
}

func key(t openfga.Tuple) *openfgav1.TupleKey {
	return &openfgav1.TupleKey{User: t.User, Relation: t.Relation, Object: t.Object}
}

// Check asks one question.
func (f *Server) Check(ctx context.Context, t openfga.Tuple) (bool, error) {
	answer, err := f.server.Check(ctx, &openfgav1.CheckRequest{
		StoreId: f.store, AuthorizationModelId: f.model,
		TupleKey: &openfgav1.CheckRequestTupleKey{User: t.User, Relation: t.Relation, Object: t.Object},
	})
	if err != nil {
		return false, fmt.Errorf("check %v: %w", t, err)
	}
	return answer.GetAllowed(), nil
}

// Objects lists the objects of a type to which a user has a relation.
func (f *Server) Objects(ctx context.Context, user, relation, kind string) ([]string, error) {
	answer, err := f.server.ListObjects(ctx, &openfgav1.ListObjectsRequest{StoreId: f.store, AuthorizationModelId: f.model, Type: kind, Relation: relation, User: user})
	if err != nil {
		return nil, fmt.Errorf("list objects of %s: %w", user, err)
	}
	return answer.GetObjects(), nil
}

// Users lists the users that have a relation to an object.
func (f *Server) Users(ctx context.Context, relation, kind, id string) ([]string, error) {
	answer, err := f.server.ListUsers(ctx, &openfgav1.ListUsersRequest{
		StoreId: f.store, AuthorizationModelId: f.model, Relation: relation,
		Object: &openfgav1.Object{Type: kind, Id: id}, UserFilters: []*openfgav1.UserTypeFilter{{Type: "user"}},
	})
	if err != nil {
		return nil, fmt.Errorf("list users of %s:%s: %w", kind, id, err)
	}
	var ids []string
	for _, u := range answer.GetUsers() {
		ids = append(ids, u.GetObject().GetId())
	}
	return ids, nil
}

// Close ends the server.
func (f *Server) Close() { f.server.Close() }
