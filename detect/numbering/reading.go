package numbering

import "math/bits"

// grade is how well a reading fits.
type grade uint8

const (
	none     grade = iota // no reading
	hint                  // it says where the number points, but such a number cannot exist
	inner                 // inside the site, or without area code
	doubtful              // dialled as such numbers are, but longer or shorter than they are
	fair                  // fits, but something that should stand before it is missing
	exact                 // prefix and length fit
)

// guess is one reading of some digits.
type guess struct {
	grade   grade
	word    string
	class   Class // when the table does not say
	row     int   // of the table; -1 = none
	short   bool  // no E.164 number
	long    bool  // more digits than any number there has
	outside string
	digits  [maxE164]byte
	n       int
}

func (g *guess) number() []byte { return g.digits[:g.n] }

// fill enters the E.164 digits and finds their row; digits beyond the 15th are
// left out.
func (g *guess) fill(p *Plan, head string, tail []byte) {
	g.n = copy(g.digits[:], head)
	g.n += copy(g.digits[g.n:], tail)
	g.row = p.table.world.longest(g.number())
}

// global reads a number that begins with a country code.
func (p *Plan) global(d []byte, word string) guess {
	g := guess{word: word, row: -1}
	if len(d) > len(p.home.code) && hasPrefix(d, p.home.code) {
		if s := p.shortCode(d[len(p.home.code):]); s.grade == exact {
			return s // trunks send +33 17 too
		}
	}
	c := p.lengths.of(d)
	n := len(d) - int(c.code)
	if c.code > 0 && n > 1 && d[c.code] == '0' && d[c.code+1] != '0' && !c.zero && c.allows(n-1) { // +33 (0)1 …
		g.fill(p, "", d[:c.code])
		g.n += copy(g.digits[g.n:], d[c.code+1:])
		g.row = p.table.world.longest(g.number())
		g.grade = doubtful
		if word == ReadE164 || string(d[:c.code]) == p.home.code {
			g.grade = exact
		}
		return g
	}
	g.fill(p, "", d)
	g.long = c.code > 0 && len(d) > c.longest()
	switch {
	case g.row < 0:
		return guess{row: -1}
	case len(d) > maxE164, len(d) < minE164:
		g.grade = hint
	case c.code > 0 && c.allows(n) && (d[c.code] != '0' || c.zero):
		g.grade = exact
	default:
		g.grade = doubtful
	}
	return g
}

// longest returns the most digits of a number, country code included.
func (c codeLength) longest() int { return int(c.code) + bits.Len16(c.fits) - 1 }

// national reads a number of the home country without its national prefix.
func (p *Plan) national(d []byte) guess {
	g := guess{word: ReadNational, row: -1}
	if len(d) == 0 || d[0] == '0' && p.home.prefixed() {
		return g
	}
	g.fill(p, p.home.codeOf(d), d)
	switch {
	case g.row < 0:
	case g.n < minE164, len(p.home.code)+len(d) > maxE164:
		g.grade = hint
	case p.home.own.allows(d):
		g.grade = exact
	case p.home.own.begins(d):
		g.grade = doubtful // more digits than there should be: many networks ignore them
	default:
		g.grade = hint
	}
	return g
}

// prefixed says that national numbers are dialled behind a prefix.
func (h *home) prefixed() bool { return len(h.national) > 0 }

// codeOf returns the country code that national number d belongs to.
func (h *home) codeOf(d []byte) string {
	for _, r := range h.overseas {
		if hasPrefix(d, r.prefix) && h.own.allows(d) {
			return r.code
		}
	}
	return h.code
}

// begins says that d begins with a whole national number.
func (l *leads) begins(d []byte) bool {
	for n := 1; n < len(d) && n < len(l); n++ {
		if l.allows(d[:n]) {
			return true
		}
	}
	return false
}

// shortCode reads emergency numbers and short codes, at their exact length.
func (p *Plan) shortCode(d []byte) guess {
	if len(d) > maxShort {
		return guess{row: -1}
	}
	g := guess{word: ReadShort, row: -1, short: true}
	if codes := p.table.short[p.home.iso]; codes != nil {
		g.row = codes.longest(d)
	}
	if g.row >= 0 {
		row := &p.table.rows[g.row]
		switch {
		case row.Class == Emergency && len(d) == len(row.Prefix)-len("FR:"):
			g.word, g.grade = ReadEmergency, exact
			return g
		case row.Class != Emergency && p.home.isShort(d):
			g.grade = exact
			return g
		}
	}
	for _, e := range p.home.emergency {
		if string(d) == e {
			return guess{grade: exact, word: ReadEmergency, class: Emergency, row: -1, short: true}
		}
	}
	return guess{row: -1}
}

// maxShort is the most digits of a short code.
const maxShort = 6

func (h *home) isShort(d []byte) bool {
	for _, s := range h.short {
		if len(d) == s.length && hasPrefix(d, s.prefix) {
			return true
		}
	}
	return false
}

// explicit reads d as one who dials it whole: a short code, an international
// number behind its prefix, a national number behind its own.
func (p *Plan) explicit(d []byte) guess {
	best := p.shortCode(d)
	if best.grade == exact {
		return best
	}
	international := false
	for _, prefix := range p.home.international {
		if hasPrefix(d, prefix) {
			best.take(p.global(d[len(prefix):], ReadInternational))
			international = true
		}
	}
	for _, prefix := range p.home.national {
		if hasPrefix(d, prefix) {
			best.take(p.national(d[len(prefix):]))
		}
	}
	if !p.home.prefixed() && !international {
		if g := p.national(d); g.grade == exact {
			best.take(g)
		}
	}
	for _, prefix := range p.home.hide {
		if hasPrefix(d, prefix) && best.grade < exact && len(d) > maxShort+len(prefix) {
			best.take(p.explicit(d[len(prefix):]))
		}
	}
	return best
}

// take keeps the better of two readings, and the first of two that are alike.
func (g *guess) take(other guess) {
	if other.grade > g.grade {
		*g = other
	}
}

// bare reads E.164 digits without +, as many trunks send them. Fewer than ten
// digits are believed only of the few countries whose numbers are that short.
func (p *Plan) bare(d []byte) guess {
	if len(d) < minE164 {
		return guess{row: -1}
	}
	g := p.global(d, ReadBare)
	tiny := !p.home.local && p.lengths.of(d).longest() <= 10
	if g.grade != exact || g.short || len(d) < 10 && !tiny {
		return guess{row: -1}
	}
	g.grade = fair
	return g
}

// unprefixed reads what lacks the national prefix, or the area code.
func (p *Plan) unprefixed(d []byte) guess {
	switch {
	case len(d) == 0:
		return guess{row: -1}
	case !p.home.local && p.home.own.allows(d):
		g := p.national(d)
		if g.grade == exact {
			g.grade = fair
		}
		return g
	case len(d) <= maxExtension:
		return guess{grade: inner, word: ReadInternal, class: Internal, row: -1, short: true}
	case p.home.local && len(d) <= maxLocal && d[0] != '0':
		return guess{grade: inner, word: ReadLocal, class: Domestic, row: -1, short: true}
	}
	return guess{row: -1}
}

// Lengths of what is dialled without prefix: extensions of a site, and numbers
// without area code where those are in use.
const (
	maxExtension = 5
	maxLocal     = 9
)

func hasPrefix(d []byte, prefix string) bool {
	return len(d) >= len(prefix) && string(d[:len(prefix)]) == prefix
}
