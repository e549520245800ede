package numbering

import "bytes"

// forwarding are the codes that set a call forward: ETSI ETS 300 738 and GSM
// 02.30 (21, 61, 62, 67, 002, 004), and those of common PBXs.
const forwarding = " 21 61 62 67 002 004 72 90 52 56 57 58 "

// joined are the codes that are followed by a number without another star.
// All but the last three set a forward; those hide or show the caller's own
// number for one call.
const (
	joined = " 72 90 52 56 57 58 67 82 31 "
	caller = " 67 82 31 "
)

// feature reads a code with * or #. One that bears a number is read as that
// number, because the number is what will be paid for: *21*0033…# forwards to
// it, *31*0033… calls it. Digits, # and a number are a technical prefix.
func (p *Plan) feature(dst []byte, d *dialled) ([]byte, Number) {
	s := bytes.TrimRight(d.number(), "#*")
	if at := bytes.LastIndexByte(s, '#'); at > 0 && isDigit(s[0]) {
		return p.target(dst, s[at+1:], false)
	}
	s = bytes.TrimLeft(s, "#*")
	code, number := s, []byte(nil)
	forwards := false
	if at := bytes.IndexAny(s, "*#"); at >= 0 {
		code, number = s[:at], s[at+1:]
		forwards = contains(forwarding, code)
	} else if len(s) > 2 && contains(joined, s[:2]) {
		code, number = s[:2], s[2:]
		forwards = !contains(caller, code)
	}
	return p.target(dst, number, forwards)
}

// target reads the number that a code bears, up to the next star.
func (p *Plan) target(dst, number []byte, forwards bool) ([]byte, Number) {
	if at := bytes.IndexAny(number, "*#"); at >= 0 {
		number = number[:at]
	}
	digits, plus := bytes.CutPrefix(number, []byte("+"))
	if len(digits) == 0 || bytes.IndexByte(digits, '+') >= 0 {
		return dst, Number{Class: Unparsed, Reading: ReadFeature}
	}
	g := guess{}
	if plus {
		g = p.global(digits, ReadE164)
	} else {
		g = p.choose(digits)
	}
	dst, n := p.finish(dst, g)
	n.Forward = forwards
	if n.Class == Unparsed {
		n.Reading = ReadFeature
	}
	return dst, n
}

// contains finds a code of digits in a list of words between blanks.
func contains(list string, code []byte) bool {
	for i := 0; i+len(code)+1 < len(list); i++ {
		if list[i] == ' ' && list[i+1:i+1+len(code)] == string(code) && list[i+1+len(code)] == ' ' {
			return len(code) > 0
		}
	}
	return false
}
