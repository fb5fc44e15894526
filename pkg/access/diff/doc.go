// Package diff compares two states of an organization: who gained and who lost which permission, on what,
// and through what. What it compares are effective rights, so that a grant that changes nothing is no
// difference, and a new member of a group is.
//
// # What is compared
//
// The cells of the comparison are a principal, a permission and a Place. Principals are the users and groups
// of either state; one that a state does not list may do nothing there. Places are the nodes of the later
// state and, for its containers, the things of each type in them: "datasets in project Chatbot" stands for
// those that exist and those to come.
//
// A node that is gone is told once, not as a loss for everybody. A node that is new is compared with an
// imagined one in the same container, so that a project which everybody may read because everybody reads
// all projects is no gain for anybody. A rename changes no id and is no difference.
//
// # How it is told
//
// A right is told where it begins: reading all projects is one line. Where somebody held it already further
// down, the line has an Exception, so that the report is exact: Report.Cells spells out every cell.
package diff
