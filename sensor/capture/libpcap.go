//go:build linux && libpcap

package capture

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"sync/atomic"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/pcap"

	"tollwatch/decoder/frame"
)

// withLibpcap says that it is built in.
func withLibpcap() bool { return true }

// libpcap opens all interfaces by it.
func libpcap(cfg *LiveConfig, names []string) (ear, error) {
	p := &handles{cfg: cfg}
	for _, name := range names {
		h, err := openHandle(name, cfg.RingBytes)
		if err != nil {
			p.release()
			return nil, err
		}
		p.open = append(p.open, h)
	}
	return p, nil
}

const (
	// handleWait is how long libpcap waits for frames on one interface before the next
	// has its turn, and handleTurn how many frames each gives then.
	handleWait = 10 * time.Millisecond
	handleTurn = 64

	// handleFilter is all that a classic filter may keep in the kernel: what is ours
	// can lie in any tunnel, and on any port. Encrypted IP cannot be looked into.
	handleFilter = "not ip proto 50 and not ip6 proto 50"

	snaplen = 256 << 10
)

// handle is one interface through libpcap.
type handle struct {
	*pcap.Handle
	name string
	link frame.LinkType
}

func openHandle(name string, ring int) (*handle, error) {
	fail := func(err error) (*handle, error) {
		return nil, &InterfaceError{Name: name, Reason: "open by libpcap", Err: err}
	}
	inactive, err := pcap.NewInactiveHandle(name)
	if err != nil {
		return fail(err)
	}
	defer inactive.CleanUp()
	err = errors.Join(inactive.SetSnapLen(snaplen), inactive.SetPromisc(true), inactive.SetTimeout(handleWait), inactive.SetBufferSize(ring))
	if err != nil {
		return fail(err)
	}
	h, err := inactive.Activate()
	if err != nil {
		return fail(err)
	}
	if err := h.SetBPFFilter(handleFilter); err != nil {
		h.Close()
		return fail(fmt.Errorf("filter %q: %w", handleFilter, err))
	}
	return &handle{h, name, frame.LinkType(h.LinkType())}, nil
}

// handles reads interfaces in turn. One that is removed is not taken up again.
type handles struct {
	cfg    *LiveConfig
	open   []*handle
	turn   int
	taken  int // in this turn
	woken  atomic.Bool
	closed atomic.Bool
	stats  Stats
	past   uint64 // drops of handles that were closed
}

func (p *handles) Next(f *Frame) error {
	for began := time.Now(); ; {
		if p.closed.Load() {
			p.release()
			return io.EOF
		}
		if p.woken.Swap(false) || len(p.open) == 0 || time.Since(began) > IdleAfter {
			return ErrIdle
		}
		h := p.open[p.turn%len(p.open)]
		data, info, err := h.ZeroCopyReadPacketData()
		switch {
		case err == nil:
			p.fill(f, h, data, info)
			return nil
		case errors.Is(err, pcap.NextErrorTimeoutExpired):
			p.turn, p.taken = p.turn+1, 0
		default:
			return p.drop(h, err)
		}
	}
}

func (p *handles) fill(f *Frame, h *handle, data []byte, info gopacket.CaptureInfo) {
	*f = Frame{Data: data, Time: info.Timestamp.UTC(), WireLength: info.Length, Link: h.link, Interface: info.InterfaceIndex}
	p.stats.Frames++
	p.stats.Bytes += uint64(len(data))
	if p.taken++; p.taken >= handleTurn {
		p.turn, p.taken = p.turn+1, 0
	}
}

// drop goes on without an interface that is gone.
func (p *handles) drop(h *handle, err error) error {
	p.past += h.drops()
	h.Close()
	p.open = slices.DeleteFunc(p.open, func(o *handle) bool { return o == h })
	p.stats.Down = append(slices.Clone(p.stats.Down), h.name)
	return &InterfaceError{Name: h.name, Reason: "the interface is gone", Hint: "with libpcap it is not taken up again: restart when it is back", Left: len(p.open), Err: err}
}

func (h *handle) drops() uint64 {
	s, err := h.Stats()
	if err != nil {
		return 0
	}
	return uint64(s.PacketsDropped)
}

func (p *handles) Wake() { p.woken.Store(true) }

func (p *handles) Kernel() *Kernel { return nil }

// Close lets Next return io.EOF, within the time that libpcap waits.
func (p *handles) Close() error {
	p.closed.Store(true)
	return nil
}

func (p *handles) release() {
	for _, h := range p.open {
		p.past += h.drops()
		h.Close()
	}
	p.open = nil
}

func (p *handles) Stats() Stats {
	p.stats.KernelDrops = p.past
	for _, h := range p.open {
		p.stats.KernelDrops += h.drops()
	}
	return p.stats
}
