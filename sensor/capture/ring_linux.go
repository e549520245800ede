package capture

import (
	"encoding/binary"
	"sync/atomic"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"tollwatch/decoder/frame"
)

// Layout of a TPACKET_V3 ring: linux/if_packet.h, and
// Documentation/networking/packet_mmap.rst.
const (
	blockBytes = 256 << 10 // far above the largest super-packet, 64 KiB
	slotBytes  = 2048      // only bounds the number of frames a block may hold

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

	// retireAfter is when the kernel hands over a block that is not full.
	retireAfter = 20 // ms
)

// ring is the mapped ring of one interface. The kernel fills blocks of
// frames; the reader takes a block, reads its frames and gives it back.
type ring struct {
	name     string
	named    bool // by the operator; else it is one of Any
	index    int
	fd       int
	mem      []byte
	link     frame.LinkType
	loopback bool
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
	r.block += blockBytes
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
	const addresses = 12 // bytes before the tag
	if r.link != frame.LinkEthernet || len(f.Data) < addresses {
		return
	}
	protocol := uint16(unix.ETH_P_8021Q)
	if status&unix.TP_STATUS_VLAN_TPID_VALID != 0 {
		protocol = binary.NativeEndian.Uint16(r.mem[at+frameTPID:])
	}
	f.VLAN = uint16(r.uint32(at + frameTCI))
	b := r.mem[mac-tagBytes : mac+len(f.Data)]
	copy(b, b[tagBytes:tagBytes+addresses])
	binary.BigEndian.PutUint16(b[addresses:], protocol)
	binary.BigEndian.PutUint16(b[addresses+2:], f.VLAN)
	f.Data = b
	f.WireLength += tagBytes
}

func (r *ring) uint32(at int) uint32 { return binary.NativeEndian.Uint32(r.mem[at:]) }

// count adds what the kernel lost since the last call.
func (r *ring) count(s *Stats) {
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
	unix.Munmap(r.mem)
	unix.Close(r.fd)
}
