// Package store keeps the sandbox's rows on disk: an SQLite file in WAL mode with synchronous FULL,
// written by one process at a time, with one transaction for all the changes that arrive while the
// previous one is being synced (group commit). It is the only package that imports SQLite.
package store
