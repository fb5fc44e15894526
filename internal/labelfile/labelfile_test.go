package labelfile_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"btadmin/internal/labelfile"
	"btadmin/pkg/access"
)

func entries() []labelfile.Entry {
	return []labelfile.Entry{
		{Learned: "group 'Ad''a': #1 of Acme\n, 2026", Label: access.Label{
			Scope: "organization", Word: "manage-members", Confidence: "certain",
			Grants: []access.LabelGrant{{Tuple: access.Tuple{Permission: "create", Restrict: "org_member"}}, {On: "org_audit_logs", Tuple: access.Tuple{Permission: "update"}}},
		}},
		{Label: access.Label{Scope: "project", Word: "read", Confidence: "likely", Grants: []access.LabelGrant{{Tuple: access.Tuple{Permission: "read"}}}}},
	}
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	t.Parallel()
	for _, list := range [][]labelfile.Entry{nil, entries()} {
		data := labelfile.Write(list)
		got, err := labelfile.Read("labels.yaml", data)
		if err != nil {
			t.Fatalf("%v\n%s", err, data)
		}
		if len(list) > 0 {
			list[0].Learned = strings.ReplaceAll(list[0].Learned, "\n", " ")
		}
		if diff := cmp.Diff(list, got); diff != "" {
			t.Errorf("(-want +got):\n%s\n%s", diff, data)
		}
	}
}

func TestPutReplaces(t *testing.T) {
	t.Parallel()
	e := entries()[1]
	e.Confidence = "certain"
	got := labelfile.Put(entries(), e)
	if len(got) != 2 || got[1].Confidence != "certain" || entries()[1].Confidence != "likely" {
		t.Errorf("%+v", got)
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	const head = "version: 1\nlabels:\n"
	const good = "  - {scope: project, word: read, confidence: certain, grants: [{permission: read}]}\n"
	for want, text := range map[string]string{
		"must say version: 1":                 "version: 2\nlabels: []\n",
		"the file must say version":           "labels: []\n",
		"must have a list of labels":          "version: 1\nlabels: {}\n",
		`unknown key "lables"`:                "version: 1\nlabels: []\nlables: []\n",
		"this must be a mapping":              head + "  - read\n",
		"the key word is missing":             head + "  - {scope: project, confidence: certain, grants: [{permission: read}]}\n",
		"needs a list of grants":              head + "  - {scope: project, word: read, confidence: certain}\n",
		"corrected twice":                     head + good + good,
		"belongs to the word update already":  head + "  - {scope: project, word: manage-access, confidence: certain, grants: [{permission: update}]}\n",
		"there is no such word":               head + "  - {scope: project, word: raed, confidence: certain, grants: [{permission: read}]}\n",
		`"rad" is no permission`:              head + "  - {scope: project, word: read, confidence: certain, grants: [{permission: rad}]}\n",
		`"organisation" is no type`:           head + "  - {scope: organization, word: manage-settings, confidence: certain, grants: [{permission: update, restrict: organisation}]}\n",
		"project read belongs to another row": head + "  - {scope: project, word: read, confidence: certain, grants: [{permission: read, on: project}]}\n",
		"labels.yaml:3:5: the word raed":      head + "  - {scope: project, word: raed, confidence: certain, grants: [{permission: read}]}\n",
		"the key permission is missing":       head + "  - {scope: project, word: read, confidence: certain, grants: [{on: project}]}\n",
		"labels.yaml":                         "\x00",
	} {
		if _, err := labelfile.Read("labels.yaml", []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(labelfile.Write(entries()))
	f.Add([]byte("version: 1\nlabels: []\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := labelfile.Read("labels.yaml", data)
		if err != nil {
			return
		}
		if _, err := (access.Table{}).Correct(labelfile.Labels(list)...); err != nil {
			t.Fatalf("what was read does not correct the table: %v", err)
		}
		if _, err := labelfile.Read("labels.yaml", labelfile.Write(list)); err != nil {
			t.Fatalf("what was written is not read: %v", err)
		}
	})
}
