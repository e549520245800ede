package capture

import (
	"errors"
	"io/fs"
	"slices"

	"tollwatch/bpf"
	"tollwatch/decoder/media"
)

// Kernel is what the kernel's programs count for a tap. It belongs to the
// goroutine that reads the tap.
type Kernel struct {
	programs *bpf.Programs
	attach   func(func()) // with the rights for it
	streams  []bpf.Stream
	endpoint bpf.Endpoint
	refused  uint64
	clock    func() (wall, monotonic int64)
}

// NewKernel reads what programs count. attach runs a function with the rights that
// were laid aside; clock tells the wall clock and that of the programs, in ns.
func NewKernel(programs *bpf.Programs, attach func(func()), clock func() (wall, monotonic int64)) *Kernel {
	return &Kernel{programs: programs, attach: attach, clock: clock}
}

// Refused counts endpoints that had no room in the kernel: their streams must
// prove themselves like those that nobody announced.
func (k *Kernel) Refused() uint64 { return k.refused }

// permitted does something to a map. Since kernel 5.19 that takes no right once
// the map is open; before, it may take those that were laid aside.
func (k *Kernel) permitted(do func() error) (err error) {
	if err = do(); errors.Is(err, fs.ErrPermission) {
		k.attach(func() { err = do() })
	}
	return err
}

// Announce tells the programs of an endpoint.
func (k *Kernel) Announce(n *media.Notice) {
	if n.Gone {
		k.permitted(func() error { return k.programs.DeleteEndpoint(n.Addr) })
		return
	}
	e := &k.endpoint
	e.Addr, e.Fax, e.Codecs = n.Addr, n.Fax, e.Codecs[:0]
	for i := range n.Codecs {
		c := &n.Codecs[i]
		if known := slices.ContainsFunc(e.Codecs, func(o bpf.Codec) bool { return o.PayloadType == c.PayloadType }); !known && c.Unusual() {
			e.Codecs = append(e.Codecs, bpf.Codec{PayloadType: c.PayloadType, Use: bpf.Use(c.Use()), ClockRate: c.ClockRate})
		}
	}
	if err := k.permitted(func() error { return k.programs.SetEndpoint(e) }); err != nil {
		k.refused++
	}
}

// Forget lets go of a stream that has ended.
func (k *Kernel) Forget(s media.StreamKey) {
	key := bpf.StreamKey(s)
	k.permitted(func() error { return k.programs.DeleteStream(&key) })
}

// Readings appends what the programs have counted of every stream. Those that have
// not proved to be RTP are not among them.
func (k *Kernel) Readings(dst []media.Reading) (_ []media.Reading, err error) {
	err = k.permitted(func() (err error) {
		k.streams, err = k.programs.AppendStreams(k.streams[:0])
		return err
	})
	wall, monotonic := k.clock()
	for i := range k.streams {
		if s := &k.streams[i]; s.Proved && s.Packets > 0 {
			dst = append(dst, reading(s, wall-monotonic))
		}
	}
	return dst, err
}

// reading puts a stream into the words of decoder/media; since is how much later
// the wall clock's zero is than the kernel's, in ns.
func reading(s *bpf.Stream, since int64) media.Reading {
	return media.Reading{
		Src: s.Src, Dst: s.Dst, SSRC: s.SSRC, PayloadType: s.PayloadType,
		Born: s.First, First: int64(s.First) + since, Last: int64(s.Last) + since,
		Figures: media.Figures{
			Packets: s.Packets, Bytes: s.Bytes, Highest: s.Highest, Base: s.Base, Before: s.Before,
			Duplicates: s.Duplicates, Reordered: s.Reordered, Gaps: s.Gaps, Restarts: s.Restarts,
			JitterSum: float64(s.JitterSum), JitterMax: float64(s.JitterMax), JitterCount: s.JitterCount,
		},
	}
}

// Tallies are what the programs did with every frame so far.
func (k *Kernel) Tallies() (t bpf.Tallies, err error) {
	err = k.permitted(func() (err error) {
		t, err = k.programs.Tallies()
		return err
	})
	return t, err
}

// Cost is what the programs have taken of the processors; zero where the kernel does
// not measure it.
func (k *Kernel) Cost() (c bpf.Cost) {
	k.permitted(func() (err error) {
		c, err = k.programs.Cost()
		return err
	})
	return c
}

// Close ends the counting. A tap that is closed does not, so that its last figures
// can be read.
func (k *Kernel) Close() error { return k.programs.Close() }
