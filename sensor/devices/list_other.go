//go:build !linux

package devices

import (
	"errors"
	"net"
)

var links map[uint16]string

// List needs Linux.
func List() ([]Device, error) {
	return nil, errors.New("list the interfaces: live capture needs Linux; capture files are read everywhere")
}

// Permanent needs Linux.
func Permanent() ([]net.HardwareAddr, error) {
	return nil, errors.New("list the network cards: live capture needs Linux")
}
