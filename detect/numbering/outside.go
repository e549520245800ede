package numbering

// maxOutside is the most digits of an outside-line prefix.
const maxOutside = 4

// outside returns the prefix that is known to be dialled here, or "".
func (p *Plan) outside() string {
	if p.fixed != "" {
		return p.fixed
	}
	return p.votes.winner
}

// OutsidePrefix returns the outside-line prefix of the site, configured or
// learned, and whether it is known at all ("" and true: there is none).
func (p *Plan) OutsidePrefix() (string, bool) {
	return p.outside(), !p.learns || p.votes.settled
}

// behind reads what follows a known prefix: whatever may be dialled there.
func (p *Plan) behind(d []byte, prefix string) guess {
	if prefix == "" || !hasPrefix(d, prefix) {
		return guess{row: -1}
	}
	rest := d[len(prefix):]
	g := p.explicit(rest)
	if g.grade < exact && p.home.code == "1" && p.home.own.allows(rest) {
		g = p.national(rest) // ten digits are dialled without the 1 as often as with it
	}
	g.outside = prefix
	return g
}

// behindFair reads what follows a known prefix but lacks its own.
func (p *Plan) behindFair(d []byte, prefix string) guess {
	if prefix == "" || !hasPrefix(d, prefix) {
		return guess{row: -1}
	}
	rest := d[len(prefix):]
	g := p.bare(rest)
	g.take(p.unprefixed(rest))
	g.outside = prefix
	return g
}

// behindUsual reads what follows the digit that is customary in the home
// country. A short code is believed behind 0, with which no extension begins;
// behind another digit only the principal emergency number is, because 915 and
// 93615 are extensions.
func (p *Plan) behindUsual(d []byte, digit string) guess {
	g := p.behind(d, digit)
	if g.grade == exact && g.short && digit != "0" && !p.principal(d[len(digit):]) {
		return guess{row: -1}
	}
	return g
}

// principal says that d is the emergency number that everybody dials: 112, or
// 911 and 999 where PBXs use 9 as a rule.
func (p *Plan) principal(d []byte) bool {
	return string(d) == "112" || p.home.outside == "9" && string(d) == p.home.emergency[1]
}

// behindAny reads what follows one or two digits of which nothing is known but
// that a clean number comes after them.
func (p *Plan) behindAny(d []byte) guess {
	if !p.strip {
		return guess{row: -1}
	}
	for _, digit := range [...]string{"0", "9"} {
		if g := p.behindUsual(d, digit); g.grade == exact {
			return g
		}
	}
	for n := 1; n <= 2 && n+minE164 <= len(d); n++ {
		g := p.explicit(d[n:])
		if g.grade != exact || g.short || g.word == ReadNational && !p.home.prefixed() {
			continue
		}
		g.outside = digitString(d[:n])
		return g
	}
	return guess{row: -1}
}

// maxTechnical is the most digits of unknown meaning before a number.
const maxTechnical = 6

// abroad are international prefixes that scanners try and foreign systems
// send. Where they mean nothing a number behind them cannot be reached: it is
// unparsed, but its country tells what was tried.
var abroad = [...]string{"00", "011", "810", "0011", "010"}

// technical finds an international number behind digits of unknown meaning.
func (p *Plan) technical(d []byte) guess {
	for _, prefix := range p.home.international {
		for n := 1; n <= maxTechnical && n < len(d); n++ {
			if !hasPrefix(d[n:], prefix) {
				continue
			}
			if g := p.global(d[n+len(prefix):], ReadTechnical); g.grade == exact && !g.short {
				return g
			}
		}
	}
	for _, prefix := range abroad {
		for n := 0; n <= 2 && n < len(d); n++ {
			if !hasPrefix(d[n:], prefix) {
				continue
			}
			if g := p.global(d[n+len(prefix):], ReadTechnical); g.grade == exact && !g.short {
				g.grade = hint
				return g
			}
		}
	}
	return guess{row: -1}
}
