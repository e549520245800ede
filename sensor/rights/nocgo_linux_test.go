//go:build !cgo

package rights

// withCgo never: this build gives up its rights on all threads.
func withCgo(string) bool { return false }
