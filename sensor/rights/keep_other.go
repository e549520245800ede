//go:build !linux

package rights

import "errors"

// ErrThreads is of Linux.
var ErrThreads = errors.New("capabilities cannot be given up on all threads")

// Keep has nothing to give up.
func Keep(Set) (Set, error) { return 0, nil }

// Raised runs do.
func Raised(_ Set, do func()) { do() }
