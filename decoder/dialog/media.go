package dialog

import (
	"net/netip"
	"slices"
	"time"

	"tollwatch/decoder/call"
	"tollwatch/decoder/sdp"
	"tollwatch/decoder/sip"
)

// Endpoint is a media address that a leg's description announced: where one of
// its sides wants to receive.
type Endpoint struct {
	Leg        call.LegID
	Call       call.ID
	CallID     string
	Source     netip.Addr // whose message announced it
	Caller     bool       // announced by the caller's side, a relay in its name included
	Addr, RTCP netip.AddrPort
	Audio      bool
	Encrypted  bool
	T38        bool
	Codecs     []Codec
}

// Codec is what a payload type means at an endpoint.
type Codec struct {
	PayloadType uint8
	Name        string
	ClockRate   int // Hz; 0 when unknown
}

// description reads the session description of a message into t.session.
func (t *Tracker) description(m *sip.Message) bool {
	if m.Body.Empty() {
		return false
	}
	body, ok := sdp.InBody(m.Text(m.ContentType), m.Text(m.Body))
	return ok && sdp.Parse(body, &t.session)
}

// describe takes the description in a message that the caller's side sent, or
// the callee's. Once the call is set up only its parties may change it.
func (t *Tracker) describe(l *leg, caller bool, m *sip.Message, meta *Meta) {
	if m.Body.Empty() || !l.mayDescribe(meta) {
		return
	}
	said := hash(m.Text(m.Body))
	if l.spoken[side(caller)] == said || !t.description(m) {
		return // most descriptions repeat the last one
	}
	l.spoken[side(caller)] = said
	if !caller && !l.accepted.IsValid() {
		l.accepted = t.firstEndpoint()
	}
	t.described(l, caller, meta)
}

// mayDescribe: anybody who knows Call-ID and tag while the call is set up, since
// proxies add hops; its parties afterwards.
func (l *leg) mayDescribe(meta *Meta) bool { return !l.answered() || l.knows(meta.Src.Addr()) }

// described takes the description that lies in t.session.
func (t *Tracker) described(l *leg, caller bool, meta *Meta) {
	audio, held := 0, 0
	for i := range t.session.Media[:t.session.N] {
		md := &t.session.Media[i]
		if md.Kind == sdp.OtherKind || md.Port == 0 {
			continue
		}
		if md.Kind == sdp.Audio {
			audio++
			if md.Held() {
				held++
			}
		}
		if placed(md) {
			t.announce(l, caller, md, meta)
		}
	}
	l.held[side(caller)] = audio > 0 && held == audio
	if l.answered() {
		t.armEarlier(l)
	}
}

// placed says that a section tells where media goes.
func placed(md *sdp.Media) bool { return md.Addr.IsValid() && !md.Addr.IsUnspecified() }

// firstEndpoint is the first place of the description that lies in t.session.
func (t *Tracker) firstEndpoint() netip.AddrPort {
	for i := range t.session.Media[:t.session.N] {
		if md := &t.session.Media[i]; md.Port != 0 && placed(md) {
			return md.Endpoint()
		}
	}
	return netip.AddrPort{}
}

// announce takes one endpoint. One that is known and says the same is passed
// over.
func (t *Tracker) announce(l *leg, caller bool, md *sdp.Media, meta *Meta) {
	addr := md.Endpoint()
	i := slices.IndexFunc(l.media, func(e Endpoint) bool { return e.Addr == addr && e.Caller == caller })
	switch {
	case i >= 0 && l.media[i].says(md):
		return
	case i >= 0:
	case len(l.media) == maxEndpoints:
		t.counters.EndpointsRefused++
		return
	default:
		i = t.roomForMedia(l)
		if l.answered() { // media moves: what was seen so far tells nothing of the new place
			l.mediaFloor, l.lastMedia = meta.Time, time.Time{}
		}
	}
	l.media[i] = Endpoint{
		Leg: l.ID, Call: l.Call, CallID: l.CallID, Source: meta.Src.Addr(), Caller: caller, Addr: addr, RTCP: md.RTCP,
		Audio: md.Kind == sdp.Audio, Encrypted: md.Encrypted, T38: md.T38, Codecs: appendCodecs(l.media[i].Codecs[:0], md),
	}
	if i < l.told {
		t.endpoints = append(t.endpoints, l.media[i])
	}
	if l.HeardOther {
		t.tellEndpoints(l)
	}
}

// says that a description repeats what e holds.
func (e *Endpoint) says(md *sdp.Media) bool {
	if e.RTCP != md.RTCP || e.Encrypted != md.Encrypted || e.T38 != md.T38 || e.Audio != (md.Kind == sdp.Audio) || len(e.Codecs) != md.N {
		return false
	}
	for i, c := range e.Codecs {
		f := &md.Formats[i]
		if c.PayloadType != f.PayloadType || c.ClockRate != f.ClockRate || c.Name != string(clipName(f.Codec)) {
			return false
		}
	}
	return true
}

func appendCodecs(dst []Codec, md *sdp.Media) []Codec {
	dst = slices.Grow(dst, md.N)
	for i := range md.N {
		f := &md.Formats[i]
		dst = append(dst, Codec{PayloadType: f.PayloadType, Name: codecName(f.Codec), ClockRate: f.ClockRate})
	}
	return dst
}

// maxRooms bounds the room that ended legs leave to new ones.
const maxRooms = 256

// roomForMedia is where another endpoint of a leg goes, in the room of a leg that
// has ended if there is some.
func (t *Tracker) roomForMedia(l *leg) int {
	if n := len(t.rooms); l.media == nil && n > 0 {
		l.media, t.rooms = t.rooms[n-1], t.rooms[:n-1]
	}
	n := len(l.media)
	if n < cap(l.media) {
		l.media = l.media[:n+1]
		return n
	}
	l.media = append(l.media, Endpoint{})
	return n
}

// keepMedia leaves the room of an ended leg's endpoints to another.
func (t *Tracker) keepMedia(l *leg) {
	if cap(l.media) > 0 && len(t.rooms) < maxRooms {
		t.rooms = append(t.rooms, l.media[:0])
	}
	l.media, l.told = nil, 0
}

// maxName is the longest codec name kept; the registry's longest is shorter.
const maxName = 32

func clipName(b []byte) []byte { return b[:min(len(b), maxName)] }

// codecName copies an encoding name; those that nearly all telephones use cost
// nothing.
func codecName(b []byte) string {
	switch string(b) {
	case "PCMU":
		return "PCMU"
	case "PCMA":
		return "PCMA"
	case "G722":
		return "G722"
	case "G729":
		return "G729"
	case "GSM":
		return "GSM"
	case "CN":
		return "CN"
	case "opus":
		return "opus"
	case "iLBC":
		return "iLBC"
	case "telephone-event":
		return "telephone-event"
	}
	return string(clipName(b))
}

// tellEndpoints hands out what was not handed out yet.
func (t *Tracker) tellEndpoints(l *leg) {
	t.endpoints = append(t.endpoints, l.media[l.told:]...)
	l.told = len(l.media)
}
