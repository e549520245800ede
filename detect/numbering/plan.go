package numbering

import "fmt"

// PlanConfig is what a site says of its numbers.
type PlanConfig struct {
	Country       string // ISO 3166-1 alpha-2 of the home country; empty = FR
	OutsidePrefix string // "auto" (or empty), "none", or the digits dialled for an outside line
}

// Plan reads numbers as they are dialled at one site. It belongs to one
// goroutine: [Plan.ObserveOutside] changes it.
type Plan struct {
	table   *Table
	lengths *lengths
	home    *home
	views   []seen

	fixed  string // the configured outside-line prefix, empty when none
	strip  bool   // an outside-line prefix may be there
	learns bool
	votes  votes
}

// NewPlan returns the plan of one site. A country that is not known is an
// error, which lists those that are.
func NewPlan(t *Table, cfg PlanConfig) (*Plan, error) {
	if cfg.Country == "" {
		cfg.Country = "FR"
	}
	h, err := newHome(cfg.Country)
	if err != nil {
		return nil, err
	}
	l, err := newLengths()
	if err != nil {
		return nil, err
	}
	p := &Plan{table: t, lengths: l, home: h, views: h.views(t)}
	switch cfg.OutsidePrefix {
	case "", "auto":
		p.strip, p.learns = true, true
	case "none":
	default:
		if !allDigits(cfg.OutsidePrefix) || len(cfg.OutsidePrefix) > maxOutside {
			return nil, fmt.Errorf("outside prefix %q: give auto, none, or one to %d digits", cfg.OutsidePrefix, maxOutside)
		}
		p.strip, p.fixed = true, cfg.OutsidePrefix
	}
	return p, nil
}

// Resolve reads the user part of a Request-URI, or the number of a tel: URI,
// escapes undone, with or without its parameters. host matters only where it
// is a global phone-context ("+33"). The one allocation is Number.E164.
func (p *Plan) Resolve(user, host string) Number {
	var buf [maxE164 + 1]byte
	e164, n := p.AppendE164(buf[:0], user, host)
	switch {
	case len(e164) == 0:
	case user == string(e164):
		n.E164 = user
	default:
		n.E164 = string(e164)
	}
	return n
}

// AppendE164 is Resolve without allocation: the E.164 number is appended to
// dst, and Number.E164 stays empty.
func (p *Plan) AppendE164(dst []byte, user, host string) ([]byte, Number) {
	if isEmergencyService(user) {
		return dst, Number{Country: p.home.iso, Class: Emergency, Kind: EmergencyKind, Reading: ReadEmergency}
	}
	var d dialled
	d.parse(user, host)
	if d.codes && !d.letters {
		return p.feature(dst, &d)
	}
	return p.finish(dst, p.read(&d))
}

// isEmergencyService recognises urn:service:sos and its kinds (RFC 5031).
func isEmergencyService(user string) bool {
	const sos = "urn:service:sos"
	return len(user) >= len(sos) && user[:len(sos)] == sos
}

// read chooses among the readings of a user part without codes.
func (p *Plan) read(d *dialled) guess {
	number := d.number()
	switch {
	case d.letters:
		return p.named(d)
	case d.plus:
		g := p.global(number, ReadE164)
		g.outside = d.outside
		return g
	case d.contextN > 0 && len(number) > 0:
		return p.inContext(number, d.context[:d.contextN])
	case d.cut:
		g := p.choose(number)
		g.grade = min(g.grade, hint)
		return g
	}
	return p.choose(number)
}

// named is a user part with letters. With a telephone number's worth of digits
// in it somebody is trying something; without, it is a name.
func (p *Plan) named(d *dialled) guess {
	if d.n >= minE164 {
		return guess{row: -1}
	}
	return guess{grade: inner, word: ReadName, class: Internal, row: -1, short: true}
}

// inContext reads a number local to a country code or to digits behind it.
func (p *Plan) inContext(d, context []byte) guess {
	if string(context) == p.home.code {
		return p.choose(d)
	}
	if d[0] == '0' {
		d = d[1:] // the national prefix of wherever that is
	}
	var whole [maxE164 + maxDialled]byte
	n := copy(whole[:], context)
	n += copy(whole[n:], d)
	return p.global(whole[:n], ReadE164)
}

// choose tries the readings of bare digits, the surest first.
func (p *Plan) choose(d []byte) guess {
	prefix := p.outside()
	if g := p.behind(d, prefix); g.grade == exact {
		return g
	}
	asIs := p.explicit(d)
	if asIs.grade == exact || asIs.tooLong() {
		return asIs
	}
	if p.learns && !p.votes.settled {
		if g := p.behindUsual(d, p.home.outside); g.grade == exact {
			return g
		}
	}
	if g := p.unprefixed(d); g.grade == fair {
		return g
	}
	if g := p.bare(d); g.grade == fair {
		return g
	}
	if g := p.behindFair(d, prefix); g.grade == fair {
		return g
	}
	if g := p.behindAny(d); g.grade == exact {
		return g
	}
	if g := p.unprefixed(d); g.grade == inner {
		return g
	}
	return p.lastResort(d, asIs)
}

// tooLong says that the reading is an international number with digits to
// spare. Networks ignore those, so it can be reached, and nobody shall make it
// look domestic by adding some. Too short a number reaches nobody.
func (g *guess) tooLong() bool { return g.grade == doubtful && g.long && g.word == ReadInternational }

// lastResort is for digits that are no number as they stand.
func (p *Plan) lastResort(d []byte, asIs guess) guess {
	if asIs.grade == doubtful && asIs.word == ReadInternational {
		return asIs
	}
	for _, prefix := range [...]string{p.outside(), "0", "9"} {
		if g := p.behind(d, prefix); p.strip && g.grade == doubtful && g.word == ReadInternational {
			return g
		}
	}
	if g := p.technical(d); g.grade > none {
		return g
	}
	return asIs
}

// finish turns a reading into a Number.
func (p *Plan) finish(dst []byte, g guess) ([]byte, Number) {
	n := Number{Class: Unparsed, Reading: g.word, Outside: g.outside}
	if g.grade == none {
		n.Reading = ReadUnknown
		return dst, n
	}
	if g.row >= 0 {
		row, view := &p.table.rows[g.row], p.views[g.row]
		n.Country, n.Kind, n.Prefix, n.Rate = row.Country, row.Kind, row.Prefix, view.rate
		if g.grade > hint {
			n.Class = view.class
		}
	}
	if g.grade == hint {
		return dst, n
	}
	if g.class != 0 {
		n.Class = g.class
		p.classified(&n)
	}
	if !g.short {
		dst = append(append(dst, '+'), g.number()...)
	}
	return dst, n
}

// classified completes a number whose class the table does not give.
func (p *Plan) classified(n *Number) {
	switch n.Class {
	case Emergency:
		n.Country, n.Kind = p.home.iso, EmergencyKind
	case Domestic:
		n.Country, n.Kind, n.Rate = p.home.iso, General, ownFixed
	}
}
