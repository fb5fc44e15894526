// Package sandbox is the embedded organization: the same HTTP API as the real server, in process or
// over a socket, durable in an embedded database, enforcing access with pkg/access.
package sandbox
