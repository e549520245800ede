// Package pointstest turns a made-up hour of three sensors, in which whatever can go
// wrong goes wrong, into lines at a server, and has the real program write there what it
// sees in the example: for tests of what asks for points. It is for tests alone: nothing
// of the product imports it.
package pointstest
