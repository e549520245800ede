package sip

import "bytes"

// compactNames are the one-letter names of the IANA registry beside their long
// ones (RFC 3261 §7.3.3).
var compactNames = [...]struct {
	letter byte
	long   string
}{
	{'a', "accept-contact"}, {'b', "referred-by"}, {'c', "content-type"}, {'d', "request-disposition"},
	{'e', "content-encoding"}, {'f', "from"}, {'i', "call-id"}, {'j', "reject-contact"}, {'k', "supported"},
	{'l', "content-length"}, {'m', "contact"}, {'n', "identity-info"}, {'o', "event"}, {'r', "refer-to"},
	{'s', "subject"}, {'t', "to"}, {'u', "allow-events"}, {'v', "via"}, {'x', "session-expires"}, {'y', "identity"},
}

// Header finds a header that Parse does not keep: by its long or compact name,
// in any case, from the header that begins at from on (0: the first). It
// returns the value, folds included, and where to go on; next is -1 when there
// is none.
//
//	for v, next := m.Header("Record-Route", 0); next >= 0; v, next = m.Header("Record-Route", next) {
func (m *Message) Header(name string, from int) (value Span, next int) {
	long, letter := aliases(name)
	b, end := m.buf[:m.Headers.End], int(m.Headers.End)
	for p := max(from, int(m.Headers.Start)); p < end; p = next {
		var e int
		e, next, _ = line(b, p)
		v := min(p+bytes.IndexByte(b[p:e], ':')+1, e)
		n := trimEnd(b, p, v-1) - p
		if n <= 0 || !(n == 1 && lower(b[p]) == letter || equalName(b[p:p+n], long)) {
			continue
		}
		for v < e && isBlank(b[v]) {
			v++
		}
		return span(v, trimEnd(b, v, e)), next
	}
	return Span{}, -1
}

// aliases returns the long name and the letter (0 when none) of a header.
func aliases(name string) (long string, letter byte) {
	for _, c := range compactNames {
		if len(name) == 1 && lower(name[0]) == c.letter || len(name) > 1 && equalName([]byte(name), c.long) {
			return c.long, c.letter
		}
	}
	return name, 0
}
