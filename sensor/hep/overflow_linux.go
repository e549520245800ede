package hep

import (
	"encoding/binary"
	"net"

	"golang.org/x/sys/unix"
)

// overflowBytes hold the control message that tells of an overflow.
const overflowBytes = 64

// countOverflow has each datagram tell how many before it found no room in the
// socket's buffer (socket(7), SO_RXQ_OVFL).
func countOverflow(c *net.UDPConn) {
	raw, err := c.SyscallConn()
	if err != nil {
		return
	}
	raw.Control(func(fd uintptr) { unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_RXQ_OVFL, 1) })
}

// overflown reads that number, which the kernel only tells once there is one.
func overflown(control []byte) (uint32, bool) {
	if len(control) < unix.CmsgSpace(4) {
		return 0, false
	}
	h, data, _, err := unix.ParseOneSocketControlMessage(control)
	if err != nil || h.Level != unix.SOL_SOCKET || h.Type != unix.SO_RXQ_OVFL || len(data) < 4 {
		return 0, false
	}
	return binary.NativeEndian.Uint32(data), true
}
