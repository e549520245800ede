package tap

import (
	"net/netip"
	"time"

	"tollwatch/decoder"
	"tollwatch/decoder/call"
	"tollwatch/decoder/frame"
	"tollwatch/decoder/sip"
	"tollwatch/sensor/capture"
)

// Host is what tells this machine's own frames from those of others.
type Host struct {
	Hardware  map[Hardware]bool
	Addresses map[netip.Addr]bool
}

// Hardware is an Ethernet address.
type Hardware [6]byte

// Observer counts what frames say of the place where they were seen.
type Observer struct {
	host   Host
	view   string // of the configuration
	ports  []*port
	byPort map[int]*port

	decoder    *decoder.Decoder
	frames     *frame.Decoder
	packet     frame.Packet
	message    sip.Message
	pairs      *pairs
	signalling *signalling
	audio      *audio
	calls      calls

	next         time.Time // tick
	first, last  time.Time
	total, twice uint64
}

// calls are what became of the calls that were seen.
type calls struct{ seen, answered int }

// New makes an observer of ports, in the order of the sheet. View is the
// configuration's word for what this tap sees.
func New(host Host, view string, ports []Port) *Observer {
	o := &Observer{
		host: host, view: view, byPort: map[int]*port{}, decoder: decoder.New(decoder.DefaultConfig()), frames: frame.New(),
		pairs: newPairs(), signalling: newSignalling(), audio: newAudio(),
	}
	for _, p := range ports {
		o.ports = append(o.ports, &port{Port: p})
		o.byPort[p.Index] = o.ports[len(o.ports)-1]
	}
	return o
}

// Observe takes one frame.
func (o *Observer) Observe(f *capture.Frame) {
	if o.first.IsZero() {
		o.first = f.Time
	}
	o.advance(f.Time)
	o.total++
	outcome := o.frames.Decode(f.Link, f.Data, f.WireLength, f.Time, &o.packet)
	if outcome == frame.IgnoredDuplicate {
		o.twice++
	}
	transport := outcome == frame.Transport
	if p := o.byPort[f.Interface]; p != nil {
		p.observe(f, o.host.strangers(f, &o.packet, transport))
	}
	if transport && unicast(f) {
		o.transport(f.Time)
	}
	o.judge(o.decoder.Observe(&decoder.Packet{Data: f.Data, Time: f.Time, WireLength: f.WireLength, Link: f.Link}))
}

// transport counts a packet in the tables of who talks to whom.
func (o *Observer) transport(now time.Time) {
	p := &o.packet
	src, dst := p.Src.Addr().Unmap(), p.Dst.Addr().Unmap()
	o.pairs.observe(src, dst)
	if sip.Parse(p.Payload, &o.message) {
		o.signalling.observe(src, dst, &o.message, now)
	}
}

// advance lets the decoder's timers run, each second of the frames' time.
func (o *Observer) advance(now time.Time) {
	if now.After(o.last) {
		o.last = now
	}
	if o.next.IsZero() || now.Sub(o.next) > time.Minute {
		o.next = now
	}
	for ; !o.next.After(now); o.next = o.next.Add(time.Second) {
		o.judge(o.decoder.Advance(o.next))
	}
}

func (o *Observer) judge(events []call.Event) {
	for i := range events {
		switch ev := &events[i]; ev.Kind {
		case call.EventEnded:
			o.calls.seen++
			if !ev.Leg.Answer.IsZero() {
				o.calls.answered++
			}
		case call.EventStream:
			o.audio.observe(ev.Stream)
		}
	}
}

// end lets everything that lives be told.
func (o *Observer) end() { o.judge(o.decoder.Flush(o.last)) }

// unicast says that a frame is meant for one receiver.
func unicast(f *capture.Frame) bool {
	return f.Link != frame.LinkEthernet || len(f.Data) > 0 && f.Data[0]&1 == 0
}

// strangers says that a frame goes from one other machine to one other machine:
// by its Ethernet addresses, or by those of the packet in it, where a mirror is
// sent in a tunnel or a router stands between.
func (h *Host) strangers(f *capture.Frame, p *frame.Packet, transport bool) bool {
	if !unicast(f) {
		return false
	}
	if f.Link == frame.LinkEthernet && len(f.Data) >= 12 && !h.Hardware[Hardware(f.Data[:6])] && !h.Hardware[Hardware(f.Data[6:12])] {
		return true
	}
	return transport && !h.Addresses[p.Src.Addr().Unmap()] && !h.Addresses[p.Dst.Addr().Unmap()]
}
