package decoder

import (
	"time"

	"tollwatch/decoder/call"
	"tollwatch/decoder/dialog"
	"tollwatch/decoder/frame"
	"tollwatch/decoder/media"
	"tollwatch/decoder/sip"
	"tollwatch/decoder/sip/opinion"
	"tollwatch/decoder/stream"
)

// Packet is one captured frame. Data is only read during Observe.
type Packet struct {
	Data       []byte
	Time       time.Time
	WireLength int // length on the wire; more than len(Data) when the capture cut it
	Link       frame.LinkType
}

// Config is the size of every table.
type Config struct {
	Stream stream.Config
	Dialog dialog.Config
	Media  media.Config

	// WireHEP has the reports of capture agents (HEP) read that are found in
	// captured frames. Frames of link type LinkHEP are read in any case.
	WireHEP bool
}

// DefaultConfig suits a site of some hundred telephones.
func DefaultConfig() Config {
	return Config{Stream: stream.DefaultConfig(), Dialog: dialog.DefaultConfig(), Media: media.DefaultConfig(), WireHEP: true}
}

// Decoder is one tap's way from frames to events. It belongs to one goroutine.
type Decoder struct {
	cfg     Config
	frames  *frame.Decoder
	streams *stream.Assembler
	dialogs *dialog.Tracker
	media   *media.Tracker
	second  *opinion.Second
	plain   plain
	reports reports

	packet   frame.Packet
	inner    frame.Packet // of a HEP packet that came by TCP
	message  sip.Message
	events   []call.Event
	activity []media.Activity
	codecs   []media.Codec // of the endpoint at hand
	ledger   Ledger
}

// New makes a decoder with empty tables.
func New(cfg Config) *Decoder {
	return &Decoder{
		cfg:     cfg,
		frames:  frame.New(),
		streams: stream.New(cfg.Stream),
		dialogs: dialog.New(cfg.Dialog),
		media:   media.New(cfg.Media),
		second:  opinion.New(),
		plain:   newPlain(),
		reports: newReports(),
	}
}

// Observe decodes one frame. The events are valid until the next call of
// Observe, Advance or Flush; what they point to may be kept.
func (d *Decoder) Observe(p *Packet) []call.Event {
	d.events = d.events[:0]
	d.ledger.Frames++
	d.ledger.Bytes += uint64(max(p.WireLength, len(p.Data)))
	outcome := d.frames.Decode(p.Link, p.Data, p.WireLength, p.Time, &d.packet)
	if outcome != frame.Transport {
		d.ledger.frame(outcome)
		return nil
	}
	switch t := &d.packet; {
	case t.HEP && !d.cfg.WireHEP && p.Link != frame.LinkHEP:
		d.ledger.count(otherUDP)
	case t.HEP || t.Protocol == frame.UDP:
		d.ledger.count(d.datagram(t, p.Time))
	case t.Protocol == frame.TCP:
		d.ledger.count(d.segment(p.Time, otherTCP))
	case t.Protocol == frame.SCTP:
		d.ledger.count(d.segment(p.Time, otherSCTP))
	}
	return d.events
}

// protocols are the transports of whole messages.
var protocols = [...]call.Transport{frame.UDP: call.UDP, frame.TCP: call.TCP, frame.SCTP: call.SCTP}

// datagram takes a payload that is whole, of a UDP packet or as a capture agent
// reported it: one SIP message, or media.
func (d *Decoder) datagram(p *frame.Packet, now time.Time) fate {
	if sip.Parse(p.Payload, &d.message) {
		meta := dialog.Meta{Src: p.Src, Dst: p.Dst, Transport: protocols[p.Protocol], Source: call.Wire, Time: now, Truncated: p.Truncated}
		if p.HEP {
			meta.Source = call.HEP
		}
		d.signal(meta)
		return decoded
	}
	if keepAlive(p.Payload) {
		return keepAliveDatagram
	}
	kind, events := d.media.Observe(p, now)
	d.events = append(d.events, events...)
	if kind == media.NotMedia {
		return otherUDP
	}
	return decoded
}

// segment takes a TCP segment or an SCTP packet: no, one or several messages.
// One that is of no stream with messages is other.
func (d *Decoder) segment(now time.Time, other fate) fate {
	messages, verdict := d.streams.Observe(&d.packet, now)
	d.streamed(messages, now)
	if verdict == stream.NotSIP {
		return other
	}
	return decoded
}

// carriers are the transports of what streams give.
var carriers = [...]call.Transport{stream.TCP: call.TCP, stream.WebSocket: call.WS, stream.SCTP: call.SCTP}

// streamed takes messages that were cut out of streams, perhaps of other ones
// than the latest segment's: they may have waited behind a gap.
func (d *Decoder) streamed(messages []stream.Message, now time.Time) {
	for i := range messages {
		m := &messages[i]
		if m.Kind == stream.HEP {
			if d.cfg.WireHEP {
				d.capsule(m, now)
			}
			continue
		}
		if sip.Parse(m.Data, &d.message) {
			d.signal(dialog.Meta{Src: m.Src, Dst: m.Dst, Transport: carriers[m.Kind], Source: call.Wire, Time: now, Truncated: m.Truncated})
		}
	}
}

// capsule takes a HEP packet of a TCP connection. The segments that brought it
// have their fate already; its own is counted apart.
func (d *Decoder) capsule(m *stream.Message, now time.Time) {
	length := len(m.Data)
	if m.Truncated {
		length++ // nobody knows how much more
	}
	outcome := d.frames.Decode(frame.LinkHEP, m.Data, length, now, &d.inner)
	d.ledger.capsules[outcome]++
	if outcome == frame.Transport {
		d.datagram(&d.inner, now)
	}
}

// signal takes the scanned message to the dialogs, and what they learned of media
// endpoints to the media tracker.
func (d *Decoder) signal(meta dialog.Meta) {
	m := &d.message
	d.ledger.message(m)
	d.plain.observe(m, meta.Src.Addr())
	if !meta.Truncated { // else whatever lacks is the capture's doing
		m.Anomalies |= d.second.Observe(m, meta.Time)
	}
	d.take(d.dialogs.Observe(m, meta), meta.Time)
	if q := d.reports.observe(m, &meta); q != nil {
		d.events = append(d.events, call.Event{Kind: call.EventQuality, Time: meta.Time, Quality: q})
	}
}

// SensorLost tells that frames went missing before the decoder, the last of them
// at the given time: streams that were heard then say nothing of quality.
func (d *Decoder) SensorLost(at time.Time) { d.media.SensorLost(at) }

// take keeps the dialogs' events and hands their consequences to media.
func (d *Decoder) take(events []call.Event, now time.Time) {
	d.events = append(d.events, events...)
	for i := range events {
		if events[i].Kind == call.EventJoined {
			d.media.Rejoin(events[i].Leg.ID, events[i].Leg.Call)
		}
	}
	for _, e := range d.dialogs.Endpoints() {
		d.media.Announce(d.endpoint(&e), now)
	}
	for _, leg := range d.dialogs.Released() {
		d.media.Release(leg, now)
	}
}

// Advance moves the clock to now without a frame: timers expire, calls whose
// media stopped end. It is called on a grid of one second of packet time.
func (d *Decoder) Advance(now time.Time) []call.Event {
	d.events = d.events[:0]
	d.frames.Advance(now)
	d.streamed(d.streams.Advance(now), now)
	d.reportActivity()
	d.take(d.dialogs.Advance(now), now)
	d.events = append(d.events, d.media.Advance(now)...)
	return d.events
}

// Flush ends a capture: every stream, and every leg that still lives, is
// reported as it stands.
func (d *Decoder) Flush(now time.Time) []call.Event {
	d.events = d.events[:0]
	d.streamed(d.streams.Flush(), now)
	d.reportActivity()
	d.take(d.dialogs.Flush(now), now)
	d.events = append(d.events, d.media.Flush(now)...)
	return d.events
}

func (d *Decoder) reportActivity() {
	d.activity = d.media.Activity(d.activity[:0])
	for _, a := range d.activity {
		d.dialogs.ObserveMedia(dialog.MediaActivity(a))
	}
}

// endpoint is the one place where a dialog's media endpoint becomes media's.
func (d *Decoder) endpoint(e *dialog.Endpoint) media.Endpoint {
	d.codecs = d.codecs[:0]
	for _, c := range e.Codecs {
		d.codecs = append(d.codecs, media.Codec(c))
	}
	return media.Endpoint{
		Addr: e.Addr, RTCP: e.RTCP, Call: e.Call, Leg: e.Leg, CallID: e.CallID, Source: e.Source,
		Caller: e.Caller, Encrypted: e.Encrypted, T38: e.T38, Audio: e.Audio, Codecs: d.codecs,
	}
}

// keepAlive recognises what telephones send to hold a NAT binding open: line
// ends (RFC 5626 §3.5.1), or up to four zero bytes.
func keepAlive(b []byte) bool {
	if len(b) > 4 {
		return false
	}
	for _, c := range b {
		if c != '\r' && c != '\n' && c != 0 {
			return false
		}
	}
	return true
}
