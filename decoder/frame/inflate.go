package frame

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"io"
)

// What a compressed payload may become. SIP shrinks to a half or a tenth; a
// bomb grows a thousandfold. So a frame costs what its bytes are worth, and none
// more than the largest datagram.
const (
	inflatedShare = 32 // times its compressed length,
	inflatedLeast = 4096
)

// inflater keeps what decompressing needs, from the first payload on.
type inflater struct {
	from bytes.Reader
	zlib io.ReadCloser
	gzip *gzip.Reader
	out  []byte
}

// inflate unpacks a payload of zlib (RFC 1950), which captagent and OpenSIPS
// send, or gzip (RFC 1952), which the specification names. The result lives
// until the next call. Nothing comes of a payload that is broken, that the
// snaplen cut, or that becomes too much.
func (f *inflater) inflate(v view) (view, bool) {
	if v.cut() || len(v.b) < 2 {
		return v, false
	}
	f.from.Reset(v.b)
	from, err := f.reader(v.b)
	if err != nil {
		return v, false
	}
	if f.out == nil {
		f.out = make([]byte, maxDatagram+1)
	}
	limit := min(maxDatagram, max(inflatedLeast, inflatedShare*len(v.b)))
	n, err := io.ReadFull(from, f.out[:limit+1])
	if err == nil { // it could go on
		return v, false
	}
	// ReadFull says the same of a short result and of a short input.
	if _, err = from.Read(f.out[n:]); err != io.EOF {
		return v, false
	}
	return view{f.out[:n], n}, true
}

// reader is one that starts at f.from.
func (f *inflater) reader(b []byte) (io.Reader, error) {
	if b[0] == 0x1f && b[1] == 0x8b {
		if f.gzip == nil {
			f.gzip = new(gzip.Reader)
		}
		return f.gzip, f.gzip.Reset(&f.from)
	}
	if f.zlib == nil {
		r, err := zlib.NewReader(&f.from)
		if err == nil {
			f.zlib = r
		}
		return r, err
	}
	return f.zlib, f.zlib.(zlib.Resetter).Reset(&f.from, nil)
}
