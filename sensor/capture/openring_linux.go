package capture

import (
	"errors"
	"net"

	"golang.org/x/sys/unix"

	"tollwatch/decoder/frame"
)

// openRing listens on one interface. Order matters: the socket has no
// protocol until it is bound, so nothing arrives before the ring stands and
// nothing of other interfaces gets in.
func openRing(name string, size int, k *Kernel) (*ring, error) {
	return openSocket(name, func(r *ring) error { return r.setUp(size, k) })
}

// openSocket opens a packet socket, and sets it up.
func openSocket(name string, setUp func(*ring) error) (*ring, error) {
	i, err := net.InterfaceByName(name)
	if err != nil {
		return nil, &InterfaceError{Name: name, Reason: "no such interface", Err: err}
	}
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, refused(name, err)
	}
	r := &ring{name: name, index: i.Index, fd: fd, loopback: i.Flags&net.FlagLoopback != 0}
	if err := setUp(r); err != nil {
		r.close()
		return nil, err
	}
	return r, nil
}

func refused(name string, err error) error {
	e := &InterfaceError{Name: name, Reason: "open a packet socket", Err: err}
	if errors.Is(err, unix.EPERM) || errors.Is(err, unix.EACCES) {
		e.Hint = "capture needs CAP_NET_RAW: run as root, or setcap cap_net_raw+ep on the program, " +
			"or AmbientCapabilities=CAP_NET_RAW in its unit"
	}
	return e
}

func (r *ring) setUp(size int, k *Kernel) error {
	fail := func(what string, err error) error {
		return &InterfaceError{Name: r.name, Reason: what, Err: err}
	}
	r.pace = paceOfAll
	if k != nil {
		r.pace = paceOfFiltered
	}
	err := unix.SetsockoptInt(r.fd, unix.SOL_PACKET, unix.PACKET_VERSION, unix.TPACKET_V3)
	if err != nil {
		return fail("ask for TPACKET_V3", err)
	}
	if err := unix.SetsockoptInt(r.fd, unix.SOL_PACKET, unix.PACKET_RESERVE, tagBytes); err != nil {
		return fail("reserve room for a tag", err)
	}
	if r.loopback {
		// Kernels before 4.20 do not know it: next drops the doubles too.
		unix.SetsockoptInt(r.fd, unix.SOL_PACKET, unix.PACKET_IGNORE_OUTGOING, 1)
	}
	if err := r.mapBlocks(max(2, (size+r.pace.block-1)/r.pace.block)); err != nil {
		return fail("map the ring", err)
	}
	if k != nil {
		if err := r.filter(k); err != nil {
			return fail("attach the kernel's filter", err)
		}
	}
	const all = unix.ETH_P_ALL<<8&0xff00 | unix.ETH_P_ALL>>8 // in network order, on any host of ours
	if err := r.bind(all); err != nil {
		return fail("bind", err)
	}
	return r.promiscuous()
}

// promiscuous asks the interface for frames to others, as long as the socket is open.
func (r *ring) promiscuous() error {
	if r.loopback {
		return nil
	}
	request := unix.PacketMreq{Ifindex: int32(r.index), Type: unix.PACKET_MR_PROMISC}
	if err := unix.SetsockoptPacketMreq(r.fd, unix.SOL_PACKET, unix.PACKET_ADD_MEMBERSHIP, &request); err != nil {
		return &InterfaceError{Name: r.name, Reason: "enter promiscuous mode", Err: err}
	}
	return nil
}

// filter has the kernel's program decide what the ring gets. It is attached before
// anything can arrive.
func (r *ring) filter(k *Kernel) error {
	kind, err := hardware(r.fd, r.name)
	if err != nil {
		return err
	}
	return unix.SetsockoptInt(r.fd, unix.SOL_SOCKET, unix.SO_ATTACH_BPF, k.programs.Filter(kind == unix.ARPHRD_ETHER || kind == unix.ARPHRD_LOOPBACK))
}

func (r *ring) mapBlocks(blocks int) error {
	request := unix.TpacketReq3{
		Block_size: uint32(r.pace.block), Block_nr: uint32(blocks),
		Frame_size: slotBytes, Frame_nr: uint32(blocks * r.pace.block / slotBytes),
		Retire_blk_tov: uint32(r.pace.retire),
	}
	err := unix.SetsockoptTpacketReq3(r.fd, unix.SOL_PACKET, unix.PACKET_RX_RING, &request)
	if err != nil {
		return err
	}
	r.mem, err = unix.Mmap(r.fd, 0, blocks*r.pace.block, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	return err
}

// bind begins the capture of a protocol, 0 for none, and learns the link type.
func (r *ring) bind(protocol uint16) error {
	if err := unix.Bind(r.fd, &unix.SockaddrLinklayer{Protocol: protocol, Ifindex: r.index}); err != nil {
		return err
	}
	name, err := unix.Getsockname(r.fd)
	if err != nil {
		return err
	}
	switch name.(*unix.SockaddrLinklayer).Hatype {
	case unix.ARPHRD_ETHER, unix.ARPHRD_LOOPBACK:
		r.link = frame.LinkEthernet
	case unix.ARPHRD_NONE, unix.ARPHRD_RAWIP, unix.ARPHRD_TUNNEL, unix.ARPHRD_TUNNEL6:
		r.link = frame.LinkRaw
	default:
		return errors.New("this kind of interface is not known; capture on the one below or above it")
	}
	return nil
}
