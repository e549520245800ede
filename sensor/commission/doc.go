// Package commission is the sheet that an installer reads before he leaves: one
// line a check, with what was found and, where it is not well, what to do.
//
// The checks are made by its two folders: setup looks at the configuration and
// at the machine before anything runs, tap listens for a while and tells what
// this place in the network sees.
package commission
