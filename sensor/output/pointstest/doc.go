// Package pointstest turns a made-up hour of three sensors into lines, and sends lines
// to a server, for tests of what asks for them: whatever can go wrong goes wrong in
// it. It is for tests alone: nothing of the product imports it.
package pointstest
