package sip

import (
	"encoding/binary"
	"math/bits"
)

// Eight bytes are compared at once; ones spreads a byte over the word.
const (
	ones = 0x0101010101010101
	tops = 0x8080808080808080
)

func span(start, end int) Span { return Span{uint16(start), uint16(end)} }

// load reads eight bytes at p, little-endian; what lies behind b is zero.
func load(b []byte, p int) uint64 {
	if p >= 0 && p < len(b)-7 {
		return binary.LittleEndian.Uint64(b[p:])
	}
	return loadTail(b, p)
}

//go:noinline
func loadTail(b []byte, p int) uint64 {
	var w uint64
	for i := 0; p+i < len(b); i++ {
		w |= uint64(b[p+i]) << (8 * i)
	}
	return w
}

// fold lowers the letters of a word. It is exact: only bytes of 0x40 and above
// change, and none of those becomes a letter that was not one.
func fold(w uint64) uint64 { return w | w&(0x40*ones)>>1 }

// equal marks the bytes of w that are c. Marks above the lowest may be wrong.
func equal(w uint64, c byte) uint64 {
	x := w ^ uint64(c)*ones
	return (x - ones) & ^x & tops
}

// word returns the end of the run of bytes at p that are neither blanks nor
// control characters.
func word(b []byte, p int) int {
	for ; p >= 0 && p < len(b)-7; p += 8 {
		w := binary.LittleEndian.Uint64(b[p:])
		if t := (w - 0x21*ones) & ^w & tops; t != 0 {
			return p + bits.TrailingZeros64(t)>>3
		}
	}
	for p < len(b) && b[p] > ' ' {
		p++
	}
	return p
}

// graph is word, but it may stop too early: at bytes beyond ASCII, and within
// the last eight bytes of b.
func graph(b []byte, p int) int {
	if p < 0 {
		return p
	}
	for last := len(b) - 8; p <= last; p += 8 {
		w := binary.LittleEndian.Uint64(b[p:])
		if t := (w | (w - 0x21*ones)) & tops; t != 0 {
			return p + bits.TrailingZeros64(t)>>3
		}
	}
	return p
}

// token returns the end of the run of bytes at p that are '-' or above it but
// no semicolon: hosts, tags and branches are made of those. It may stop too
// early, as graph.
func token(b []byte, p int) int {
	if p < 0 {
		return p
	}
	for last := len(b) - 8; p <= last; p += 8 {
		w := binary.LittleEndian.Uint64(b[p:])
		if t := (w | (w - '-'*ones) | ((w ^ ';'*ones) - ones)) & tops; t != 0 {
			return p + bits.TrailingZeros64(t)>>3
		}
	}
	return p
}

// bracket returns the end of the run of bytes at p that are neither blanks nor
// control characters nor >. It may stop too early, as graph.
func bracket(b []byte, p int) int {
	if p < 0 {
		return p
	}
	for last := len(b) - 8; p <= last; p += 8 {
		w := binary.LittleEndian.Uint64(b[p:])
		if t := (w | (w - 0x21*ones) | ((w ^ '>'*ones) - ones)) & tops; t != 0 {
			return p + bits.TrailingZeros64(t)>>3
		}
	}
	return p
}

// delimiter finds the first blank, control character, quote, comma or
// semicolon of b[p:end], or end.
func delimiter(b []byte, p, end int) int {
	for p >= 0 && p < end && p < len(b)-7 {
		w := binary.LittleEndian.Uint64(b[p:])
		comma, semicolon := w^','*ones, w^';'*ones
		// Exclamation marks are marked in vain, for the price of one test less.
		t := ((w-0x23*ones)&^w | (comma-ones)&^comma | (semicolon-ones)&^semicolon) & tops
		if t == 0 {
			p += 8
			continue
		}
		p += bits.TrailingZeros64(t) >> 3
		if p >= end || b[p] != '!' {
			return min(p, end)
		}
		p++
	}
	for p < end && !isDelimiter[b[p]] {
		p++
	}
	return min(p, end)
}

var isDelimiter = func() (t [256]bool) {
	for c := range 0x21 {
		t[c] = true
	}
	t['"'], t[','], t[';'] = true, true, true
	return t
}()

// isToken are the bytes of a token (RFC 3261 §25.1).
var isToken = func() (t [256]bool) {
	for _, c := range "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.!%*_+`'~" {
		t[c] = true
	}
	return t
}()

func isDigit(c byte) bool { return c-'0' <= 9 }

// isBlank: linear white space, the line ends of a folded value included.
func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

func skipBlanks(b []byte, p int) int {
	for p < len(b) && isBlank(b[p]) {
		p++
	}
	return p
}

func trimEnd(b []byte, p, end int) int {
	for end > p && b[end-1] <= ' ' && isBlank(b[end-1]) {
		end--
	}
	return end
}

// digits returns the end of the run of digits at p.
func digits(b []byte, p int) int {
	for p < len(b) && isDigit(b[p]) {
		p++
	}
	return p
}

// number reads b as a decimal number of at most limit; what is larger becomes
// limit and is not ok, nor is what has anything but digits.
func number(b []byte, limit uint64) (n uint64, ok bool) {
	ok = len(b) > 0
	for _, c := range b {
		if !isDigit(c) {
			return n, false
		}
		if n = n*10 + uint64(c-'0'); n > limit {
			n, ok = limit, false
		}
	}
	return n, ok
}
