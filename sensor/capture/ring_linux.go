package capture

import (
	"encoding/binary"
	"io"
	"sync/atomic"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"tollwatch/decoder/frame"
)

// Layout of a TPACKET_V3 ring: linux/if_packet.h, and
// Documentation/networking/packet_mmap.rst.
const (
	slotBytes = 2048 // only bounds the number of frames a block may hold

	blockStatus = 8  // of tpacket_block_desc.hdr.bh1
	blockFrames = 12 // num_pkts
	blockFirst  = 16 // offset_to_first_pkt

	headerBytes  = 48 // of tpacket3_hdr, after which comes a sockaddr_ll
	frameNext    = 0
	frameSec     = 4
	frameNsec    = 8
	frameSnap    = 12
	frameLen     = 16
	frameStatus  = 20
	frameMac     = 24
	frameTCI     = 32
	frameTPID    = 36
	framePktType = headerBytes + 10 // sockaddr_ll.sll_pkttype

	tagBytes = 4 // of an 802.1Q tag
)

// pace is how a ring hands over its blocks: each of so many bytes, above the largest
// super-packet of 64 KiB, when it is full or has waited for so many milliseconds.
type pace struct{ block, retire int }

// The paces. Where the kernel's filter leaves signalling alone, few frames come at a
// time, and each block that is handed over with a few in it is one less for a program
// that has fallen behind: small ones that wait longer bridge twelve seconds in 16 MiB,
// not one. What waits is far less late than frames may be (behindWall).
var (
	paceOfAll      = pace{block: 256 << 10, retire: 20}
	paceOfFiltered = pace{block: 128 << 10, retire: 100}
)

// ring is the mapped ring of one interface. The kernel fills blocks of
// frames; the reader takes a block, reads its frames and gives it back.
type ring struct {
	name     string
	named    bool // by the operator; else it is one of Any
	index    int
	fd       int
	mem      []byte      // nil: frames come through a hook
	hooks    []io.Closer // programs at the interface
	link     frame.LinkType
	loopback bool
	pace     pace
	block    int // offset in mem of the block to take next, or that is taken
	at       int // offset in mem of the frame to read next
	left     int // frames to read in the block that is taken
}

// ready tells whether the kernel has handed over the next block.
func (r *ring) ready() bool {
	return atomic.LoadUint32(r.status())&unix.TP_STATUS_USER != 0
}

func (r *ring) status() *uint32 {
	return (*uint32)(unsafe.Pointer(&r.mem[r.block+blockStatus]))
}

// take begins the block that is ready, and tells whether the kernel lost
// frames before it.
func (r *ring) take() (losing bool) {
	r.left = int(r.uint32(r.block + blockFrames))
	r.at = r.block + int(r.uint32(r.block+blockFirst))
	return atomic.LoadUint32(r.status())&unix.TP_STATUS_LOSING != 0
}

// giveBack lets the kernel fill the block again.
func (r *ring) giveBack() {
	atomic.StoreUint32(r.status(), unix.TP_STATUS_KERNEL)
	r.block += r.pace.block
	if r.block == len(r.mem) {
		r.block = 0
	}
}

// next reads a frame of the block that is taken; false when there is none.
func (r *ring) next(f *Frame) bool {
	for r.left > 0 {
		at := r.at
		r.left--
		r.at += int(r.uint32(at + frameNext))
		// The loopback shows each frame leaving and arriving.
		if r.loopback && r.mem[at+framePktType] == unix.PACKET_OUTGOING {
			continue
		}
		r.fill(f, at)
		return true
	}
	return false
}

func (r *ring) fill(f *Frame, at int) {
	mac := at + int(binary.NativeEndian.Uint16(r.mem[at+frameMac:]))
	f.Data = r.mem[mac : mac+int(r.uint32(at+frameSnap))]
	f.Time = time.Unix(int64(r.uint32(at+frameSec)), int64(r.uint32(at+frameNsec))).UTC()
	f.WireLength = int(r.uint32(at + frameLen))
	f.Link, f.Interface, f.VLAN = r.link, r.index, 0
	if status := r.uint32(at + frameStatus); status&unix.TP_STATUS_VLAN_VALID != 0 {
		r.retag(f, at, mac, status)
	}
}

// retag puts the tag back that the kernel took out, in the room before the
// frame that PACKET_RESERVE made.
func (r *ring) retag(f *Frame, at, mac int, status uint32) {
	if r.link != frame.LinkEthernet || len(f.Data) < addresses {
		return
	}
	protocol := uint16(unix.ETH_P_8021Q)
	if status&unix.TP_STATUS_VLAN_TPID_VALID != 0 {
		protocol = binary.NativeEndian.Uint16(r.mem[at+frameTPID:])
	}
	f.tag(r.mem[mac-tagBytes:mac+len(f.Data)], protocol, uint16(r.uint32(at+frameTCI)))
}

// addresses are the bytes of an Ethernet frame before its tags.
const addresses = 12

// tag puts a tag into the frame that follows on tagBytes bytes of room in b.
func (f *Frame) tag(b []byte, protocol, control uint16) {
	copy(b, b[tagBytes:tagBytes+addresses])
	binary.BigEndian.PutUint16(b[addresses:], protocol)
	binary.BigEndian.PutUint16(b[addresses+2:], control)
	f.Data, f.VLAN = b, control
	f.WireLength += tagBytes
}

func (r *ring) uint32(at int) uint32 { return binary.NativeEndian.Uint32(r.mem[at:]) }

// count adds what the kernel lost since the last call.
func (r *ring) count(s *Stats) {
	if r.mem == nil {
		return
	}
	lost, err := unix.GetsockoptTpacketStatsV3(r.fd, unix.SOL_PACKET, unix.PACKET_STATISTICS)
	if err != nil {
		return
	}
	s.KernelDrops += uint64(lost.Drops)
	s.KernelFrozen += uint64(lost.Freeze_q_cnt)
}

// gone tells whether the interface does not exist any more. One that is only
// down comes back by itself.
func (r *ring) gone() bool {
	unix.GetsockoptInt(r.fd, unix.SOL_SOCKET, unix.SO_ERROR) // reading clears it, so that poll waits again
	name, err := unix.Getsockname(r.fd)
	if err != nil {
		return true
	}
	// The kernel unbinds the socket of an interface that is removed.
	return name.(*unix.SockaddrLinklayer).Ifindex <= 0
}

// down tells that the interface is switched off or has no carrier.
func (r *ring) down() bool {
	request, err := unix.NewIfreq(r.name)
	if err != nil || unix.IoctlIfreq(r.fd, unix.SIOCGIFFLAGS, request) != nil {
		return true
	}
	const alive = unix.IFF_UP | unix.IFF_RUNNING
	return request.Uint16()&alive != alive
}

func (r *ring) close() {
	for _, h := range r.hooks {
		h.Close()
	}
	if r.mem != nil {
		unix.Munmap(r.mem)
	}
	unix.Close(r.fd)
}
