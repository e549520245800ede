package frame

import "encoding/binary"

// view is what is left of a frame at the layer being read: the bytes that were
// captured, and how many there were on the wire. Headers must be captured;
// lengths that headers state are compared with the wire.
type view struct {
	b    []byte
	wire int // >= len(b)
}

// skip moves past n bytes of header, n <= len(v.b).
func (v view) skip(n int) view { return view{v.b[n:], v.wire - n} }

// clip cuts off what lies behind n bytes: padding, trailers.
func (v view) clip(n int) view {
	return view{v.b[:min(n, len(v.b))], min(n, v.wire)}
}

func (v view) cut() bool { return v.wire > len(v.b) }

func be16(b []byte) int { return int(binary.BigEndian.Uint16(b)) }

func be32(b []byte) uint32 { return binary.BigEndian.Uint32(b) }
