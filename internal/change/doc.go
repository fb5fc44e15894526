// Package change is the one road for every mutation: a Plan of typed steps is put in order (create, add,
// remove, delete), reviewed by the guards on every state it passes through, printed on --dry-run, run,
// verified by reading back, and written to the journal. It knows neither flags nor documents.
package change
