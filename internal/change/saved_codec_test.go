package change

import (
	"bytes"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Saved plans come back as they were: what is encoded, decoded and encoded again is the same, byte by byte.
func TestSavedPlanRoundTrip(t *testing.T) {
	t.Parallel()
	types := map[string]bool{}
	rapid.Check(t, func(rt *rapid.T) {
		d := &drawing{T: rt}
		d.organization()
		file := savedFile{
			Schema: Schema, Version: "v", Created: time.Unix(rapid.Int64Range(0, 1<<33).Draw(rt, "created"), 0).UTC(), Host: "h", OrgID: "o",
			Limits: Limits{OwnersAtLeast: 3, MaxRemovals: map[Class]Max{ClassGrants: {N: 3}, ClassTokens: {N: 5, Percent: true}, ClassGroups: {}}},
			Steps:  []typed{}, Rests: []Rest{{What: "owners", Hash: "00"}},
		}
		for range rapid.IntRange(0, 5).Draw(rt, "steps") {
			encoded, err := encodeStep(d.step())
			if err != nil {
				rt.Fatal(err)
			}
			types[encoded.Type] = true
			file.Steps = append(file.Steps, encoded)
		}
		first, err := file.encode()
		if err != nil {
			rt.Fatal(err)
		}
		saved, err := decodePlan(first)
		if err != nil {
			rt.Fatal(err)
		}
		again := file
		again.Steps = []typed{}
		for i, step := range saved.Plan.Steps {
			encoded, err := encodeStep(step)
			if err != nil || encoded.Type != file.Steps[i].Type {
				rt.Fatal(encoded.Type, err)
			}
			again.Steps = append(again.Steps, encoded)
		}
		again.Limits = saved.Plan.Limits
		second, err := again.encode()
		if err != nil || !bytes.Equal(first, second) {
			rt.Fatalf("%s\n%s\n%v", first, second, err)
		}
	})
	if len(types) < 8 {
		t.Errorf("only %v were drawn", types)
	}
}

// Every type of step can be read again.
func TestEveryStepHasAName(t *testing.T) {
	t.Parallel()
	for _, step := range []Step{
		&AddACLs{}, &RemoveACLs{}, &CreateGroup{}, &PatchGroup{}, &DeleteGroup{}, &CreateRole{}, &PatchRole{}, &DeleteRole{},
		&InviteMembers{}, &RemoveMembers{}, &CreateServiceAccount{}, &MintToken{}, &DeleteToken{}, &DeleteAPIKey{}, &PatchOrganization{}, &RawRequest{},
	} {
		encoded, err := encodeStep(step)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := decodeStep(encoded); err != nil || typeName(back) != typeName(step) {
			t.Errorf("%s: %v, %v", typeName(step), back, err)
		}
	}
	if _, err := decodeStep(typed{Type: "Format", Step: []byte("{}")}); err == nil {
		t.Error("an unknown type is read")
	}
	if _, err := decodeStep(typed{Type: "AddACLs", Step: []byte(`{"Itmes":[]}`)}); err == nil {
		t.Error("an unknown field is passed over")
	}
}

// C7: whatever the bytes, the decoder neither panics nor hangs, and accepts only what it would write.
func FuzzC7SavedPlan(f *testing.F) {
	file := savedFile{Schema: Schema, Steps: []typed{{Type: "AddACLs", Step: []byte(`{"Items":[]}`)}}, Rests: []Rest{}}
	good, err := file.encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte(`{"btadmin_plan":1,"steps":[{"type":"RawRequest","step":{}}]}`))
	f.Add([]byte(`{"btadmin_plan":1e9}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if saved, err := decodePlan(data); (saved == nil) == (err == nil) {
			t.Errorf("%v, %v", saved, err)
		}
	})
}
