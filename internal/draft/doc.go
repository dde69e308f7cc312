// Package draft writes the first draft of a provider file: from a pattern,
// from another provider's file, or from a curl command as vendors' documents
// show it. What only the vendor's document can tell is left as TODO, which
// package providers reports with its line.
//
// A command is read and never run, and none of its credentials is repeated:
// they become variables of the draft. Package draft imports neither the
// providers nor the command line.
package draft
