package points

import (
	"math"

	"github.com/influxdata/line-protocol/v2/lineprotocol"

	"tollwatch/sensor/output/mask"
)

// unknown is what a figure is that is not known: the field is left out.
var unknown = math.NaN()

// word is a text of ours: no mask is on it.
func word[P any](key, text string, get func(*P) string) []field[P] {
	return []field[P]{{Field{Key: key, Type: String, Text: text}, func(e *Encoder, p *P) { e.text(key, get(p)) }}}
}

// number is one of the public network, and its range: the number less four digits.
func number[P any](key, text string, get func(*P) string) []field[P] {
	return append(secret(key, text, KindNumber, (*mask.Masker).AppendNumber, get),
		secret("range", key+" less its last four digits", KindRange, (*mask.Masker).AppendRange, get)...)
}

func user[P any](key, text string, get func(*P) string) []field[P] {
	return secret(key, text, KindUser, (*mask.Masker).AppendUser, get)
}

func address[P any](key, text string, get func(*P) string) []field[P] {
	return secret(key, text, KindAddress, (*mask.Masker).AppendAddress, get)
}

func callID[P any](key, text string, get func(*P) string) []field[P] {
	return secret(key, text, KindCallID, (*mask.Masker).AppendCallID, get)
}

func uri[P any](key, text string, get func(*P) string) []field[P] {
	return secret(key, text, KindURI, (*mask.Masker).AppendURI, get)
}

// secret is a text that leaves as its mask allows.
func secret[P any](key, text string, kind Kind, apply masking, get func(*P) string) []field[P] {
	return []field[P]{{Field{Key: key, Type: String, Kind: kind, Text: text}, func(e *Encoder, p *P) { e.secret(key, get(p), apply) }}}
}

// sentence is a text for a person, about an extension, or one that somebody else
// wrote.
func sentence[P any](key, text string, get, own func(*P) string) []field[P] {
	return []field[P]{{Field{Key: key, Type: String, Kind: KindSentence, Text: text}, func(e *Encoder, p *P) { e.sentence(key, get(p), own(p)) }}}
}

// nobody is who a text is about that names none.
func nobody[P any](*P) string { return "" }

// count is a number of things.
func count[P any, N int | uint64](key, text string, get func(*P) N) []field[P] {
	return measure(key, "", text, get)
}

// measure is an integer of a unit.
func measure[P any, N int | uint64](key, unit, text string, get func(*P) N) []field[P] {
	return []field[P]{{Field{Key: key, Type: Integer, Unit: unit, Text: text}, func(e *Encoder, p *P) { e.integer(key, whole(get(p))) }}}
}

// figure is a number that may be unknown.
func figure[P any](key, unit, text string, get func(*P) float64) []field[P] {
	return []field[P]{{Field{Key: key, Type: Float, Unit: unit, Text: text}, func(e *Encoder, p *P) { e.float(key, get(p)) }}}
}

// money is a figure that the site's primary sensor alone writes: two sensors at one
// site must not double it.
func money[P any](key, unit, text string, get func(*P) float64) []field[P] {
	return []field[P]{{Field{Key: key, Type: Float, Unit: unit, Text: text + "; of the primary sensor alone"}, func(e *Encoder, p *P) {
		if e.primary {
			e.float(key, get(p))
		}
	}}}
}

// flag is 1 or 0: servers add those up, and no boolean.
func flag[P any](key, text string, get func(*P) bool) []field[P] {
	return []field[P]{{Field{Key: key, Type: Integer, Text: text + ": 1 or 0"}, func(e *Encoder, p *P) {
		n := int64(0)
		if get(p) {
			n = 1
		}
		e.integer(key, n)
	}}}
}

// boolean is kept where it always was one: a field's type never changes.
func boolean[P any](key, text string, get func(*P) bool) []field[P] {
	return []field[P]{{Field{Key: key, Type: Boolean, Text: text}, func(e *Encoder, p *P) { e.line.AddField(key, lineprotocol.BoolValue(get(p))) }}}
}

// whole keeps within what is no unsigned field.
func whole[N int | uint64](n N) int64 {
	if n > 0 && uint64(n) > math.MaxInt64 {
		return math.MaxInt64
	}
	return int64(n)
}
