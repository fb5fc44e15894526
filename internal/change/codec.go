package change

import (
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// typed is a step with the name of its type, as the journal and saved plans keep it.
type typed struct {
	Type string         `json:"type"`
	Step jsontext.Value `json:"step"`
}

// typeName is the name of a step's type: "AddACLs".
func typeName(step Step) string { return fmt.Sprintf("%T", step)[len("*change."):] }

func encodeStep(step Step) (typed, error) {
	raw, err := json.Marshal(step, json.Deterministic(true))
	if err != nil {
		return typed{}, fmt.Errorf("write a step of type %s: %w", typeName(step), err)
	}
	return typed{Type: typeName(step), Step: raw}, nil
}

// emptyStep is a step of a type; nil when there is none of that name.
func emptyStep(name string) Step {
	switch name {
	case "AddACLs":
		return &AddACLs{}
	case "RemoveACLs":
		return &RemoveACLs{}
	case "CreateGroup":
		return &CreateGroup{}
	case "PatchGroup":
		return &PatchGroup{}
	case "DeleteGroup":
		return &DeleteGroup{}
	case "CreateRole":
		return &CreateRole{}
	case "PatchRole":
		return &PatchRole{}
	case "DeleteRole":
		return &DeleteRole{}
	case "InviteMembers":
		return &InviteMembers{}
	case "RemoveMembers":
		return &RemoveMembers{}
	case "CreateServiceAccount":
		return &CreateServiceAccount{}
	case "MintToken":
		return &MintToken{}
	case "DeleteToken":
		return &DeleteToken{}
	case "DeleteAPIKey":
		return &DeleteAPIKey{}
	case "PatchOrganization":
		return &PatchOrganization{}
	case "RawRequest":
		return &RawRequest{}
	}
	return nil
}

// decodeStep reads what encodeStep wrote. Fields that the type does not have are an error: they would change what
// the step does.
func decodeStep(t typed) (Step, error) {
	step := emptyStep(t.Type)
	if step == nil {
		return nil, fmt.Errorf("a step of the unknown type %q", t.Type)
	}
	if err := json.Unmarshal(t.Step, step, json.RejectUnknownMembers(true)); err != nil {
		return nil, fmt.Errorf("read a step of type %s: %w", t.Type, err)
	}
	return step, nil
}
