// Package paths answers who could become super-user: who has not the power yet, but may change something
// that gives it to him, alone and in several steps.
//
// A member may put himself into a group that he may update, add permissions to a role that he may update, and
// give himself everything where he may add ACLs. What he gains enables the next step. Find runs these to the
// end for every member and keeps a shortest chain; each of its links names the stored grant that makes it
// possible. Which rights count as a step and which do not is written down in docs/adr/0016-escalation-edges.md.
package paths
