//go:build cgo

package rights

// withCgo is what a build with cgo says.
func withCgo(told string) bool { return told == "error: "+ErrThreads.Error() }
