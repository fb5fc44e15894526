// Package faults runs btadmin against its sandbox with a fault proxy in between that nobody here wrote,
// github.com/Shopify/toxiproxy. It is a module of its own, so that the proxy never gets into the program.
//
//	go test ./...                       three seeds
//	FAULT_SEEDS=17,4711 go test ./...   other ones
//	BTADMIN=path go test ./...          a program that is built already
package faults
