// Package text judges and shows text that somebody else wrote: names from the server, error bodies, file
// contents. It makes the invisible visible, compares names as a reader would, and keeps a cell from being a
// formula or a log line from being a command. It is pure.
package text
