package bpf

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"

	"github.com/cilium/ebpf"
)

// StreamKey names a stream.
type StreamKey struct {
	Src, Dst netip.AddrPort
	SSRC     uint32
}

// Stream is what the programs counted of one. Times are nanoseconds of
// CLOCK_MONOTONIC, jitter is in nanoseconds, sequence numbers are extended.
type Stream struct {
	StreamKey
	Proved      bool   // an endpoint was announced for it, or it went on as RTP does
	PayloadType uint8  // of the latest medium; 255: none yet
	Packets     uint64 // doubles not among them, those that were passed on are
	Bytes       uint64 // of payload
	First, Last uint64 // First tells a stream from a later one of the same key

	Highest, Base, Before                 uint64 // sequence numbers of the run, and how many the runs before it expected
	Duplicates, Reordered, Gaps, Restarts uint32
	JitterSum, JitterMax                  uint64 // the sum is over JitterCount packets
	JitterCount                           uint32
}

// batchSize is how many streams one call of the kernel reads: more than share
// a bucket of its tables, or it could not go on.
const batchSize = 512

// batches are what streams are read into, again and again.
type batches struct {
	keys4  []tapKey4
	keys6  []tapKey6
	values []tapStream
}

// AppendStreams reads all streams. One that is counted meanwhile may be read
// between two of its figures.
func (p *Programs) AppendStreams(dst []Stream) ([]Stream, error) {
	if p.batch.values == nil {
		p.batch = batches{make([]tapKey4, batchSize), make([]tapKey6, batchSize), make([]tapStream, batchSize)}
	}
	o := &p.tables
	var err error
	for _, m := range []*ebpf.Map{o.Streams4, o.Strangers4} {
		if dst, err = read(m, p.batch.keys4, p.batch.values, dst); err != nil {
			return dst, err
		}
	}
	for _, m := range []*ebpf.Map{o.Streams6, o.Strangers6} {
		if dst, err = read(m, p.batch.keys6, p.batch.values, dst); err != nil {
			return dst, err
		}
	}
	return dst, nil
}

// key is a key of either family.
type key interface {
	tapKey4 | tapKey6
	name() StreamKey
}

func (k tapKey4) name() StreamKey {
	var src, dst [4]byte
	binary.NativeEndian.PutUint32(src[:], k.Src)
	binary.NativeEndian.PutUint32(dst[:], k.Dst)
	return StreamKey{
		netip.AddrPortFrom(netip.AddrFrom4(src), networkOrder(k.Sport)),
		netip.AddrPortFrom(netip.AddrFrom4(dst), networkOrder(k.Dport)), hostOrder(k.Ssrc),
	}
}

func (k tapKey6) name() StreamKey {
	return StreamKey{
		netip.AddrPortFrom(netip.AddrFrom16(k.Src), networkOrder(k.Sport)),
		netip.AddrPortFrom(netip.AddrFrom16(k.Dst), networkOrder(k.Dport)), hostOrder(k.Ssrc),
	}
}

func hostOrder(n uint32) uint32 {
	return binary.BigEndian.Uint32(binary.NativeEndian.AppendUint32(nil, n))
}

func read[K key](m *ebpf.Map, keys []K, values []tapStream, dst []Stream) ([]Stream, error) {
	var cursor ebpf.MapBatchCursor
	for {
		n, err := m.BatchLookup(&cursor, keys, values, nil)
		for i := range n {
			dst = append(dst, values[i].stream(keys[i].name()))
		}
		if errors.Is(err, ebpf.ErrKeyNotExist) {
			return dst, nil
		}
		if err != nil {
			return dst, fmt.Errorf("read the streams that the kernel counted: %w", err)
		}
	}
}

func (s *tapStream) stream(k StreamKey) Stream {
	return Stream{
		StreamKey: k, Proved: s.Flags&uint8(tapStreamFlagSTREAM_PROVED) != 0, PayloadType: s.Spoken,
		Packets: s.Packets, Bytes: s.Bytes, First: s.First, Last: s.Last,
		Highest: s.Highest, Base: s.Base, Before: s.Before,
		Duplicates: s.Duplicates, Reordered: s.Reordered, Gaps: s.Gaps, Restarts: s.Restarts,
		JitterSum: s.JitterSum, JitterMax: s.JitterMax, JitterCount: s.JitterCount,
	}
}

// DeleteStream forgets a stream, if it is there. If it goes on it is a new one.
func (p *Programs) DeleteStream(k *StreamKey) error {
	o := &p.tables
	if k.Src.Addr().Is4() && k.Dst.Addr().Is4() {
		src, dst := k.Src.Addr().As4(), k.Dst.Addr().As4()
		key := tapKey4{
			Src: binary.NativeEndian.Uint32(src[:]), Dst: binary.NativeEndian.Uint32(dst[:]),
			Sport: networkOrder(k.Src.Port()), Dport: networkOrder(k.Dst.Port()), Ssrc: hostOrder(k.SSRC),
		}
		return errors.Join(forget(o.Streams4, &key), forget(o.Strangers4, &key))
	}
	key := tapKey6{
		Src: k.Src.Addr().As16(), Dst: k.Dst.Addr().As16(),
		Sport: networkOrder(k.Src.Port()), Dport: networkOrder(k.Dst.Port()), Ssrc: hostOrder(k.SSRC),
	}
	return errors.Join(forget(o.Streams6, &key), forget(o.Strangers6, &key))
}
