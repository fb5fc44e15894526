// Package lint finds what is wrong, wasteful or risky in who may do what, and says how to mend it. A finding names
// the rule, the principals, objects and grants that it is about, the reason in plain words, and commands of btadmin
// that make it go away.
//
// It is pure: names, the clock and what makes two names confusable are passed in. What a view lacks is passed in,
// too, and rules that would conclude something from its absence are skipped and named.
package lint
