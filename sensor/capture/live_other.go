//go:build !linux

package capture

import "errors"

var errLinux = errors.New("open capture: live capture needs Linux; capture files are read everywhere")

// Resolve needs Linux.
func Resolve([]string) ([]string, error) { return nil, errLinux }

// OpenLive needs Linux.
func OpenLive(LiveConfig) (Tap, error) { return nil, errLinux }

// Probe needs Linux.
func Probe() (Host, error) { return Host{}, errLinux }
