package sdp

import "bytes"

// attribute reads "name[:value]" at session or media level.
func (r *reader) attribute(v []byte) {
	name, value := v, []byte(nil)
	if i := bytes.IndexByte(v, ':'); i >= 0 {
		name, value = v[:i], v[i+1:]
	}
	switch string(name) {
	case "rtpmap":
		r.rtpmap(value)
	case "sendrecv":
		r.setDirection(SendRecv)
	case "sendonly":
		r.setDirection(SendOnly)
	case "recvonly":
		r.setDirection(RecvOnly)
	case "inactive":
		r.setDirection(Inactive)
	case "crypto", "fingerprint":
		r.setEncrypted()
	case "ptime":
		r.setPtime(value)
	case "rtcp-mux":
		r.rtcp.mux = true
	case "rtcp":
		r.setRTCP(value)
	}
}

func (r *reader) setDirection(d Direction) {
	if r.media == nil {
		r.direction = d
		return
	}
	r.media.Direction = d
}

func (r *reader) setEncrypted() {
	if r.media == nil {
		r.encrypted = true
		return
	}
	r.media.Encrypted = true
}

// setPtime reads whole milliseconds; some gateways send 20.0.
func (r *reader) setPtime(v []byte) {
	v, _ = field(v)
	if i := bytes.IndexByte(v, '.'); i >= 0 {
		v = v[:i]
	}
	ms, ok := number(v, 1000)
	if !ok {
		return
	}
	if r.media == nil {
		r.ptime = ms
		return
	}
	r.media.Ptime = ms
}

// setRTCP reads "port [nettype addrtype address]" (RFC 3605).
func (r *reader) setRTCP(v []byte) {
	if r.media == nil {
		return
	}
	port, v := field(v)
	r.rtcp.port = parsePort(port)
	_, v = field(v)
	_, v = field(v)
	address, _ := field(v)
	r.rtcp.addr = parseAddr(address)
}

// rtpmap reads "pt name/rate[/channels]" into the format that it belongs to.
func (r *reader) rtpmap(v []byte) {
	if r.media == nil {
		return
	}
	text, v := field(v)
	pt, ok := number(text, 127)
	if !ok {
		return
	}
	name, _ := field(v)
	rate := []byte(nil)
	if i := bytes.IndexByte(name, '/'); i >= 0 {
		name, rate = name[:i], name[i+1:]
	}
	if i := bytes.IndexByte(rate, '/'); i >= 0 {
		rate = rate[:i]
	}
	f := r.media.format(uint8(pt))
	if f == nil || len(name) == 0 {
		return
	}
	f.Codec = name
	if hz, ok := number(rate, 1e6); ok {
		f.ClockRate = hz
	}
}

// format finds the first format of a payload type.
func (m *Media) format(pt uint8) *Format {
	for i := range m.Formats[:m.N] {
		if m.Formats[i].PayloadType == pt {
			return &m.Formats[i]
		}
	}
	return nil
}

// Codec returns the encoding name and clock rate in Hz of a payload type: what
// a=rtpmap says, else RFC 3551's static assignment. name is nil and rate 0
// when neither knows it.
func (m *Media) Codec(pt uint8) (name []byte, rate int) {
	if f := m.format(pt); f != nil {
		return f.Codec, f.ClockRate
	}
	f := static(pt)
	return f.Codec, f.ClockRate
}

// IsTelephoneEvent says that a payload type carries digits (RFC 4733), not
// sound.
func (m *Media) IsTelephoneEvent(pt uint8) bool {
	f := m.format(pt)
	return f != nil && equalFold(f.Codec, "telephone-event")
}
