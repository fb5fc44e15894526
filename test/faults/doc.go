// Package faults runs the program btadmin against its own sandbox with proxies in between that nobody here wrote:
// github.com/elazarl/goproxy, which lets single requests fail (before they are carried out, after it, with and without an
// answer), and github.com/Shopify/toxiproxy, which breaks connections wherever they are. What the organization is
// afterwards is read past the proxies and held against what was asked for. It is a module of its own, so that the
// proxies never get into the program.
//
//	go test ./...                              a seed drawn by chance, which is printed
//	BTADMIN_FAULTS_SEED=17,4711 go test ./...  these seeds
//	BTADMIN_FAULTS_RUNS=20 go test ./...       so many seeds drawn by chance
//	BTADMIN_FAULTS_RATE=0.25 go test ./...     another share of requests that fail, where a test has no rate of its own
//	BTADMIN=path go test ./...                 a program that is built already
package faults
