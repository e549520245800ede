//go:build !linux

package systemd

// monotonic is of Linux, as systemd is.
func monotonic() int64 { return 0 }
