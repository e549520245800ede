package numbering

import "errors"

// Votes needed before a prefix is believed, and the number of votes after
// which all are halved, so that a changed dial plan is learned within days.
const (
	enoughVotes = 3
	maxVotes    = 64
)

// votes counts which outside-line prefixes stood before numbers that both legs
// of a call showed. Six prefixes are kept; a seventh takes the place of the
// rarest.
type votes struct {
	entries [6]vote
	winner  string // the prefix of more than half of the votes
	settled bool   // there is a winner; an empty one says that nothing is dialled
}

type vote struct {
	prefix [maxOutside]byte
	length uint8
	count  uint8
}

func (v *vote) digits() []byte { return v.prefix[:v.length] }

// ObserveOutside learns from one call of which both legs were seen: what the
// telephone dialled, and what the PBX sent to the trunk. With OutsidePrefix
// "auto" the prefix of the majority of such calls is stripped from then on.
func (p *Plan) ObserveOutside(dialledUser, trunkUser string) {
	if !p.learns {
		return
	}
	var phone, trunk dialled
	phone.parse(dialledUser, "")
	trunk.parse(trunkUser, "")
	if phone.letters || phone.plus || phone.codes || phone.cut || trunk.letters || trunk.codes || trunk.cut {
		return
	}
	if n, ok := p.difference(phone.number(), &trunk); ok {
		p.votes.add(phone.digits[:n])
	}
}

// difference is how many digits the telephone dialled before the number that
// the trunk was sent.
func (p *Plan) difference(phone []byte, trunk *dialled) (int, bool) {
	sent := p.sent(trunk)
	for n := 0; n <= maxOutside && n < len(phone); n++ {
		g := p.explicit(phone[n:])
		if g.grade != exact {
			continue
		}
		if g.short && string(phone[n:]) == string(trunk.number()) || !g.short && sent.n > 0 && string(g.number()) == string(sent.number()) {
			return n, true
		}
	}
	return 0, false
}

// sent reads what a trunk was sent: no outside-line prefix is left there.
func (p *Plan) sent(trunk *dialled) guess {
	if trunk.plus {
		return p.global(trunk.number(), ReadE164)
	}
	g := p.explicit(trunk.number())
	g.take(p.bare(trunk.number()))
	g.take(p.unprefixed(trunk.number()))
	return g
}

func (v *votes) add(prefix []byte) {
	at, total := -1, 0
	rarest := 0
	for i := range v.entries {
		e := &v.entries[i]
		total += int(e.count)
		if e.count > 0 && string(e.digits()) == string(prefix) {
			at = i
		}
		if e.count < v.entries[rarest].count {
			rarest = i
		}
	}
	if at < 0 {
		at = rarest
		v.entries[at] = vote{length: uint8(len(prefix))}
		copy(v.entries[at].prefix[:], prefix)
	}
	v.entries[at].count++
	if total+1 >= maxVotes {
		for i := range v.entries {
			v.entries[i].count /= 2
		}
	}
	v.count()
}

// count finds the winner. Without a majority the old one stays.
func (v *votes) count() {
	total := 0
	for i := range v.entries {
		total += int(v.entries[i].count)
	}
	for i := range v.entries {
		e := &v.entries[i]
		if e.count < enoughVotes || 2*int(e.count) <= total {
			continue
		}
		v.settled = true
		if v.winner != string(e.digits()) {
			v.winner = string(e.digits())
		}
	}
}

// votesVersion is the first byte of what AppendBinary writes.
const votesVersion = 1

// AppendBinary appends what was learned of the outside-line prefix.
func (p *Plan) AppendBinary(dst []byte) ([]byte, error) {
	dst = append(dst, votesVersion)
	for i := range p.votes.entries {
		e := &p.votes.entries[i]
		dst = append(append(dst, e.length, e.count), e.prefix[:]...)
	}
	return dst, nil
}

var errVotes = errors.New("learned outside-line prefix: unknown version or damaged")

// UnmarshalBinary takes back what AppendBinary wrote. Bytes that are not
// whole, or of another version, are refused and change nothing.
func (p *Plan) UnmarshalBinary(b []byte) error {
	var v votes
	const size = 2 + maxOutside
	if len(b) != 1+size*len(v.entries) || b[0] != votesVersion {
		return errVotes
	}
	for i := range v.entries {
		e := b[1+i*size:][:size]
		if e[0] > maxOutside || e[1] > maxVotes || !allDigits(string(e[2:2+e[0]])) {
			return errVotes
		}
		v.entries[i] = vote{length: e[0], count: e[1], prefix: [maxOutside]byte(e[2:])}
	}
	v.count()
	p.votes = v
	return nil
}
