package hep

import (
	"bufio"
	"encoding/binary"
	"net"
	"time"
)

// datagrams receives one packet a datagram until the socket is closed.
func (l *Listener) datagrams() {
	b, control := make([]byte, maxPacket), make([]byte, overflowBytes)
	told := uint32(0) // lost, as the system counts
	for {
		n, size, _, from, err := l.udp.ReadMsgUDPAddrPort(b, control)
		now := time.Now().UTC()
		if lost, ok := overflown(control[:size]); ok {
			l.counters.full.Add(uint64(lost - told))
			told = lost
		}
		switch {
		case err == nil && l.allowed(from.Addr()):
			l.datagram(b[:n], now)
		case err != nil && l.closed():
			return
		case err != nil:
			l.pause()
		}
	}
}

func (l *Listener) datagram(b []byte, now time.Time) {
	if len(b) < 6 || string(b[:4]) != magic && b[0] != 1 && b[0] != 2 {
		l.counters.notHEP.Add(1)
		return
	}
	l.take(b, now)
}

// accept takes connections until the socket is closed.
func (l *Listener) accept() {
	for {
		c, err := l.tcp.Accept()
		switch {
		case err != nil && l.closed():
			return
		case err != nil: // out of descriptors: those that are open end some time
			l.pause()
		case !l.allowed(c.RemoteAddr().(*net.TCPAddr).AddrPort().Addr()) || !l.admit(c):
			c.Close()
		default:
			l.running.Go(func() { l.connection(c) })
		}
	}
}

// pause waits after an error that may pass.
func (l *Listener) pause() {
	select {
	case <-l.closing:
	case <-time.After(time.Second):
	}
}

func (l *Listener) closed() bool {
	select {
	case <-l.closing:
		return true
	default:
		return false
	}
}

// admit notes a connection, while there is room.
func (l *Listener) admit(c net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.conns) >= maxConnections || l.closed() {
		l.counters.connections.Add(1)
		return false
	}
	l.conns[c] = struct{}{}
	return true
}

// magic begins each packet of version 3, the only one with a length of its own.
const magic = "HEP3"

// connection cuts packets out of a stream. Whoever sends anything else, or
// packets without the key, is cut off.
func (l *Listener) connection(c net.Conn) {
	defer func() {
		c.Close()
		l.mu.Lock()
		delete(l.conns, c)
		l.mu.Unlock()
	}()
	r := bufio.NewReaderSize(c, maxPacket)
	for patience := provingTime; ; patience = idleTime {
		c.SetReadDeadline(time.Now().Add(patience))
		head, err := r.Peek(6)
		if err != nil {
			return
		}
		n := int(binary.BigEndian.Uint16(head[4:]))
		if string(head[:4]) != magic || n < len(head) {
			l.counters.notHEP.Add(1)
			return
		}
		b, err := r.Peek(n)
		if err != nil || !l.take(b, time.Now().UTC()) {
			return
		}
		r.Discard(n)
	}
}
