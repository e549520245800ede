//go:build !linux

package hep

import "net"

const overflowBytes = 0

func countOverflow(*net.UDPConn) {}

func overflown([]byte) (uint32, bool) { return 0, false }
