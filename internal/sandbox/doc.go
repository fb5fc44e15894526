// Package sandbox is the embedded organization: the same HTTP API as the real server, in process or
// over a socket, durable in an embedded database, enforcing access with pkg/access.
//
// The way of a request: faults (fault.go) -> authentication and the one lock (call.go, auth.go) -> the
// route's handler (route.go) -> commit (store). All data is in memory (world.go, table.go); the store is
// written behind it in groups, and no answer leaves before the version that it shows is durable. What is
// the same for all kinds of thing is written once (list.go, item.go, create.go); a kind describes itself
// in its own file as a resource (resource.go).
package sandbox
