package capture

import (
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"tollwatch/bpf"
	"tollwatch/decoder/frame"
)

// drainEvery is how often the ring buffer of the hooks is looked into: to be woken
// for each frame would cost more than all else.
const drainEvery = 10 * time.Millisecond

// openHooks attaches a program to each interface (tcx), whose frames come through
// one ring buffer. A socket that receives nothing keeps the interface promiscuous,
// and tells when it is removed.
func openHooks(cfg *LiveConfig, names []string) (ear, error) {
	programs, err := bpf.Load(bpf.Config{Hooks: cfg.RingBytes})
	if err != nil {
		return nil, err
	}
	h := &hooks{kernel: NewKernel(programs, cfg.Attach, clocks), programs: programs}
	if err := h.waker.open(); err != nil {
		return nil, errors.Join(err, programs.Close())
	}
	h.watch = watch{attach: cfg.Attach, open: h.openHook}
	if err := h.begin(cfg.Interfaces, names); err != nil {
		h.release()
		return nil, errors.Join(err, programs.Close())
	}
	return h, nil
}

// hooks reads the frames that programs at the interfaces pass on.
type hooks struct {
	watch
	programs *bpf.Programs
	kernel   *Kernel
	frame    bpf.Frame
	since    int64 // how much later the wall clock's zero is than the programs', ns
	waker    waker
	closed   atomic.Bool
	owner    sync.Mutex // held while Next runs
}

func (h *hooks) openHook(name string) (*ring, error) {
	return openSocket(name, func(r *ring) error {
		if err := r.bind(0); err != nil {
			return &InterfaceError{Name: name, Reason: "bind", Err: err}
		}
		kind, err := hardware(r.fd, name)
		if err == nil {
			r.hooks, err = h.programs.Hook(r.index, kind == unix.ARPHRD_ETHER || kind == unix.ARPHRD_LOOPBACK, r.loopback)
		}
		if err != nil {
			return &InterfaceError{Name: name, Reason: "attach the kernel's program (tcx)", Err: err}
		}
		return r.promiscuous()
	})
}

func (h *hooks) Next(f *Frame) error {
	h.owner.Lock()
	defer h.owner.Unlock()
	for waited := time.Duration(0); ; waited += drainEvery {
		if h.closed.Load() {
			h.release()
			return io.EOF
		}
		if h.programs.ReadFrame(&h.frame) && h.fill(f) {
			return nil
		}
		if err := h.look(); err != nil {
			return err
		}
		woken, err := h.pause()
		if err != nil {
			return err
		}
		if woken || waited >= IdleAfter {
			return ErrIdle
		}
	}
}

// pause waits until the ring buffer is worth another look, or somebody wakes it.
func (h *hooks) pause() (woken bool, err error) {
	wall, monotonic := clocks()
	h.since = wall - monotonic
	polled := [1]unix.PollFd{{Fd: int32(h.waker.fd), Events: unix.POLLIN}}
	n, err := unix.Poll(polled[:], int(drainEvery.Milliseconds()))
	switch {
	case err == unix.EINTR || n == 0:
		return false, nil
	case err != nil:
		return false, fmt.Errorf("wait for frames: %w", err)
	}
	h.waker.clear()
	return true, nil
}

// fill makes a frame of what the ring buffer gave; false when its interface is gone.
func (h *hooks) fill(f *Frame) bool {
	g := &h.frame
	var from *ring
	for _, r := range h.rings {
		if r.index == g.Interface {
			from = r
		}
	}
	if from == nil {
		return false
	}
	if h.since == 0 {
		wall, monotonic := clocks()
		h.since = wall - monotonic
	}
	f.Data, f.Time, f.WireLength = g.Buffer[bpf.Room:], time.Unix(0, int64(g.At)+h.since).UTC(), g.Wire
	f.Link, f.Interface, f.VLAN = from.link, from.index, 0
	if g.Tagged && from.link == frame.LinkEthernet && len(f.Data) >= addresses {
		f.tag(g.Buffer, g.VLANProtocol, g.VLAN)
	}
	h.stats.Frames++
	h.stats.Bytes += uint64(len(f.Data))
	return true
}

// Wake implements Tap.
func (h *hooks) Wake() { h.waker.wake() }

// Kernel implements Tap.
func (h *hooks) Kernel() *Kernel { return h.kernel }

// release detaches; the owner does it.
func (h *hooks) release() {
	h.end()
	h.waker.close()
}

// Close lets Next return io.EOF.
func (h *hooks) Close() error {
	h.closed.Store(true)
	h.waker.wake()
	if h.owner.TryLock() {
		h.release()
		h.owner.Unlock()
	}
	return nil
}

func (h *hooks) Stats() Stats {
	h.owner.Lock()
	defer h.owner.Unlock()
	if n, err := h.programs.Lost(); err == nil {
		h.stats.KernelDrops = n
	}
	return h.stats
}
