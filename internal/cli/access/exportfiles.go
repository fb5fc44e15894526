package access

import (
	"bytes"
	"path/filepath"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"btadmin/internal/atomicfile"
	"btadmin/pkg/access/openfga"
)

// The files of an export, as the fga command line takes them.
const (
	modelTextFile = "model.fga"
	modelJSONFile = "model.json"
	tuplesFile    = "tuples.jsonl"
	storeFile     = "store.fga.yaml"
)

// writeStore writes a folder. What an earlier export left there is replaced.
func writeStore(dir string, store *openfga.Store, doc exportDocument) error {
	if err := makeFolder(dir); err != nil {
		return err
	}
	if err := writeData(filepath.Join(dir, modelTextFile), []byte(store.Model.Text())); err != nil {
		return err
	}
	if err := writeJSON(filepath.Join(dir, modelJSONFile), doc.Model); err != nil {
		return err
	}
	var lines bytes.Buffer
	for _, t := range store.Tuples {
		raw, err := json.Marshal(t)
		if err != nil {
			return err
		}
		lines.Write(raw)
		lines.WriteByte('\n')
	}
	if err := writeData(filepath.Join(dir, tuplesFile), lines.Bytes()); err != nil {
		return err
	}
	// A JSON string is a YAML string too.
	name, err := json.Marshal(store.Name, jsontext.AllowInvalidUTF8(true))
	if err != nil {
		return err
	}
	return writeData(filepath.Join(dir, storeFile), []byte(
		"name: "+string(name)+"\nmodel_file: ./"+modelTextFile+"\ntuple_file: ./"+tuplesFile+"\ntests: []\n",
	))
}

func writeJSON(path string, v any) error {
	raw, err := json.Marshal(v, json.Deterministic(true), jsontext.AllowInvalidUTF8(true))
	if err != nil {
		return err
	}
	return writeData(path, append(raw, '\n'))
}

// writeData writes a file that says who may do what: for its owner only.
func writeData(path string, data []byte) error { return atomicfile.Write(path, data, 0o600, true) }
