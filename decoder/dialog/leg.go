package dialog

import (
	"net/netip"
	"slices"
	"time"

	"tollwatch/decoder/call"
	"tollwatch/decoder/sip"
)

// leg is what the tracker remembers of a leg beyond the facts it reports. A leg
// that was forgotten is used again for another: events hold copies.
type leg struct {
	call.Leg
	tag    uint64          // hash of the From-tag of the side that sent the INVITE
	remote [maxTags]uint64 // hashes of To-tags of the other side: forks
	peers  [2]netip.Addr   // signalling addresses: those of the first INVITE
	others []netip.Addr    // and the others, of which most legs have none

	// Small things together, so that a leg is no larger than it must be.
	nTags, nPeers uint8
	awaitsRetry   bool    // the refusal asks for another INVITE
	progressed    bool    // EventProgress was sent
	forwarded     bool    // EventForwarded was sent
	released      bool    // EventReleased was sent
	held          [2]bool // by each side's last description
	vague         bool    // one that could have been its partner ended alone
	moved         bool    // its call has changed

	// The caller's own transaction: that of the first hop.
	branch uint64 // hash of that of the topmost Via of its latest INVITE
	cseq   uint32
	vias   int
	asked  time.Time // when that INVITE was seen; zero when it was not

	sign      time.Time // last sign of life in the signalling: INVITE, provisional answer, anything in the dialog
	cancelled time.Time // first CANCEL
	refused   time.Time // the refusal that counts so far
	refusal   int       // its status; 0 when the refusal itself was lost
	bye       bye       // one that did not end the leg at once

	inDialog [2]uint32     // highest CSeq of each side's REFER and INFO; caller first
	session  time.Duration // session timer (RFC 4028) as last agreed; 0 when none
	refresh  time.Time     // when that was

	media      []Endpoint     // announced by either side
	told       int            // how many of them were handed out
	offered    netip.AddrPort // the first that the first offer announced
	accepted   netip.AddrPort // and the first of the other side's
	spoken     [2]uint64      // hash of each side's last description; caller first
	mediaFloor time.Time      // media up to here belongs to endpoints that were replaced
	firstMedia time.Time      // EventMedia was sent then
	lastMedia  time.Time      // since the floor

	prior  call.LegID   // the leg that it joined behind; 0 when none
	joins  int          // legs that joined behind this one
	behind int          // of them, live ones
	forked time.Time    // when the first of these began
	mates  ring         // of its call
	places [slots]int32 // in the index; 0: none
	same   *leg         // the next older one with this Call-ID
	alarm  alarm[*leg]  // when to look at the leg again
	chain  *chain       // the chain it is in
	prev   *leg         // of the chain
	next   *leg         // of the chain
	gone   time.Time    // when it was ended, by the clock of the packets that told
}

// side is the index of the caller (0) or the callee (1).
func side(caller bool) int {
	if caller {
		return 0
	}
	return 1
}

// knows says that the address took part in this dialog.
func (l *leg) knows(a netip.Addr) bool {
	return slices.Contains(l.peers[:l.nPeers], a) || slices.Contains(l.others, a)
}

// learn adds a signalling address, while there is room.
func (l *leg) learn(a netip.Addr) {
	switch {
	case !a.IsValid() || a.IsUnspecified() || l.knows(a):
	case int(l.nPeers) < len(l.peers):
		l.peers[l.nPeers] = a
		l.nPeers++
	case len(l.peers)+len(l.others) < maxPeers:
		l.others = append(l.others, a)
	}
}

// follow learns where a known peer sends to. Whoever sends to a peer, on the
// other hand, need not be one.
func (l *leg) follow(meta *Meta) {
	if l.knows(meta.Src.Addr()) {
		l.learn(meta.Dst.Addr())
	}
}

// hasTag says that tag is one of the other side's.
func (l *leg) hasTag(tag []byte) bool {
	return slices.Contains(l.remote[:l.nTags], hash(clip(tag)))
}

func (l *leg) learnTag(tag []byte) {
	if len(tag) > 0 && int(l.nTags) < maxTags && !l.hasTag(tag) {
		l.remote[l.nTags] = hash(clip(tag))
		l.nTags++
	}
}

// firstHop says that the message belongs to the caller's own transaction, not
// to one that a proxy opened in its name.
func (l *leg) firstHop(m *sip.Message) bool { return l.branch == hash(clip(m.Text(m.Branch))) }

// answered says that the call was set up.
func (l *leg) answered() bool { return l.State == call.Answered }

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
