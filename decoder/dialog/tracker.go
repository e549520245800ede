package dialog

import (
	"net/netip"
	"time"

	"tollwatch/decoder/call"
	"tollwatch/decoder/sdp"
	"tollwatch/decoder/sip"
)

// Meta is what the packet says about a message.
type Meta struct {
	Src, Dst  netip.AddrPort
	Transport call.Transport
	Source    call.Source
	Time      time.Time
	Truncated bool // the message was cut by the capture: a description in it may lack its end
}

// Tracker follows dialogs, registrations and single transactions. It belongs to
// one goroutine.
type Tracker struct {
	cfg      Config
	counters Counters

	now      time.Time       // of the message or the tick at hand
	legs     map[string]*leg // by Call-ID: live ones and tombstones, the newest first
	byID     map[call.LegID]*leg
	alarms   alarms[*leg]
	spare    *leg // forgotten ones, to be used again
	index    [slots]index
	lastLeg  call.LegID
	lastCall call.ID

	// Every leg is in one of these.
	halfOpen   chain // not answered, or answered by one direction's word alone
	challenged chain // refused until it shows a password: every scanner's
	firm       chain // answered, both directions seen
	tombs      chain // ended
	turnedAway chain // ended while challenged

	doubts         doubts
	cancelled      giveUps
	paces          map[netip.Addr]pace
	deflections    []deflection
	nextDeflection int // the oldest, when all are used

	transactions table[transactionKey, transaction]
	accounts     table[string, account]
	expiries     alarms[*entry[string, account]]
	failures     table[failureKey, int]
	budgets      table[netip.Addr, budget]

	events    []call.Event
	queued    []call.Event // of ObserveMedia, for the next answer
	snapshots []call.Leg   // room for the next ones
	endpoints []Endpoint
	rooms     [][]Endpoint // of ended legs, for new ones
	released  []call.LegID

	copy    copier
	contact call.Party // of the INVITE at hand
	scratch []byte
	listed  []contact // of the answer at hand
	session sdp.Session
}

// New makes a tracker with empty tables.
func New(cfg Config) *Tracker {
	cfg.Legs, cfg.Tombstones, cfg.Challenged = max(cfg.Legs, 1), max(cfg.Tombstones, 1), max(cfg.Challenged, 1)
	return &Tracker{
		cfg:          cfg,
		legs:         make(map[string]*leg),
		paces:        make(map[netip.Addr]pace),
		byID:         make(map[call.LegID]*leg),
		transactions: newTable[transactionKey, transaction](cfg.Transactions),
		accounts:     newTable[string, account](cfg.Accounts),
		failures:     newTable[failureKey, int](cfg.Failures),
		budgets:      newTable[netip.Addr, budget](cfg.Sources),
	}
}

// Observe takes one message. The events are valid until the next call of any
// method that returns events; what they point to may be kept. Nothing of the
// message is kept but copies.
func (t *Tracker) Observe(m *sip.Message, meta Meta) []call.Event {
	t.begin(meta.Time)
	t.counters.Messages++
	if m.CallID.Empty() {
		t.counters.Strays++ // it belongs to nothing (RFC 3261 §8.1.1.4), and could only mix what others said
		return t.events
	}
	if m.Request {
		t.request(m, &meta)
	} else {
		t.response(m, &meta)
	}
	return t.events
}

// request sends a request to the part that it concerns. Only an INVITE opens a
// call, and only a To-tag makes a request part of one (RFC 3261 §12.2).
func (t *Tracker) request(m *sip.Message, meta *Meta) {
	switch m.Method {
	case sip.Invite:
		t.invite(m, meta)
		return
	case sip.Cancel:
		if l, reverse := t.find(m, meta); l != nil && !reverse {
			t.cancel(l, m, meta)
			return
		}
	case sip.Ack:
		l, reverse := t.find(m, meta)
		if l == nil {
			t.counters.Strays++
			return
		}
		t.ack(l, reverse, m, meta)
		return
	case sip.Register:
	default:
		if m.To.Tag.Empty() {
			break
		}
		if l, reverse := t.find(m, meta); l != nil {
			t.inside(l, reverse, m, meta)
			return
		}
	}
	t.open(m, meta)
}

// response sends a response to the part that it concerns.
func (t *Tracker) response(m *sip.Message, meta *Meta) {
	if m.Method == sip.Invite {
		t.inviteAnswer(m, meta)
		return
	}
	if t.close(m, meta) {
		return
	}
	if l, reverse := t.find(m, meta); l != nil {
		t.insideAnswer(l, reverse, m, meta)
		return
	}
	t.counters.Strays++
}

// begin empties the answer.
func (t *Tracker) begin(now time.Time) {
	t.now = now
	t.events = append(t.events[:0], t.queued...)
	clear(t.queued)
	t.queued = t.queued[:0]
}

// Endpoints returns the media endpoints announced since the last call, and
// forgets them. They are valid until the next Observe.
func (t *Tracker) Endpoints() []Endpoint {
	out := t.endpoints
	t.endpoints = t.endpoints[:0]
	return out
}

// Released returns the legs that ended since the last call, and forgets them.
// The slice is valid until the next call of a method that returns events.
func (t *Tracker) Released() []call.LegID {
	out := t.released
	t.released = t.released[:0]
	return out
}
