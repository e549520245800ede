package points

import (
	"math"

	"github.com/influxdata/line-protocol/v2/lineprotocol"
)

// unknown is what a figure is that is not known: the field is left out.
var unknown = math.NaN()

// word is a text of ours: no mask is on it.
func word[P any](key, text string, of func(*P) string) []field[P] {
	return []field[P]{{Field{key, String, "", text}, func(e *Encoder, p *P) { e.text(key, of(p)) }}}
}

// number is one of the public network, as the mask leaves it, and its range: the
// number less four digits.
func number[P any](key, text string, of func(*P) string) []field[P] {
	return []field[P]{
		{Field{key, String, "", text + "; masked"}, func(e *Encoder, p *P) { e.number(key, of(p)) }},
		{Field{"range", String, "", key + " less its last four digits"}, func(e *Encoder, p *P) { e.rang("range", of(p)) }},
	}
}

// user is a user, an address or a Call-ID, as the mask leaves it.
func user[P any](key, text string, of func(*P) string) []field[P] {
	return []field[P]{{Field{key, String, "", text + "; masked"}, func(e *Encoder, p *P) { e.user(key, of(p)) }}}
}

// sentence is a text for a person; the numbers in it are masked.
func sentence[P any](key, text string, of func(*P) string) []field[P] {
	return []field[P]{{Field{key, String, "", text + "; numbers in it masked"}, func(e *Encoder, p *P) { e.sentence(key, of(p)) }}}
}

// count is a number of things.
func count[P any, N int | uint64](key, text string, of func(*P) N) []field[P] {
	return measure(key, "", text, of)
}

// measure is an integer of a unit.
func measure[P any, N int | uint64](key, unit, text string, of func(*P) N) []field[P] {
	return []field[P]{{Field{key, Integer, unit, text}, func(e *Encoder, p *P) { e.integer(key, whole(of(p))) }}}
}

// figure is a number that may be unknown.
func figure[P any](key, unit, text string, of func(*P) float64) []field[P] {
	return []field[P]{{Field{key, Float, unit, text}, func(e *Encoder, p *P) { e.float(key, of(p)) }}}
}

// money is a figure that the site's primary sensor alone writes: two sensors at one
// site must not double it.
func money[P any](key, unit, text string, of func(*P) float64) []field[P] {
	return []field[P]{{Field{key, Float, unit, text + "; of the primary sensor alone"}, func(e *Encoder, p *P) {
		if e.primary {
			e.float(key, of(p))
		}
	}}}
}

// flag is 1 or 0: servers add those up, and no boolean.
func flag[P any](key, text string, of func(*P) bool) []field[P] {
	return []field[P]{{Field{key, Integer, "", text + ": 1 or 0"}, func(e *Encoder, p *P) {
		n := int64(0)
		if of(p) {
			n = 1
		}
		e.integer(key, n)
	}}}
}

// boolean is kept where it always was one: a field's type never changes.
func boolean[P any](key, text string, of func(*P) bool) []field[P] {
	return []field[P]{{Field{key, Boolean, "", text}, func(e *Encoder, p *P) { e.line.AddField(key, lineprotocol.BoolValue(of(p))) }}}
}

// whole keeps within what is no unsigned field.
func whole[N int | uint64](n N) int64 {
	if n > 0 && uint64(n) > math.MaxInt64 {
		return math.MaxInt64
	}
	return int64(n)
}
