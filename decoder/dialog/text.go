package dialog

import (
	"bytes"

	"tollwatch/decoder/call"
	"tollwatch/decoder/sip"
)

// clip cuts what is only told apart by its first maxKey bytes.
func clip(b []byte) []byte { return b[:min(len(b), maxKey)] }

// copier copies pieces of a message into strings, with one allocation for all
// of them.
type copier struct {
	buf    []byte
	pieces []piece
}

type piece struct {
	to    *string
	start int
}

// add copies at most limit bytes of b into *to when done is called.
func (c *copier) add(to *string, b []byte, limit int) {
	if len(b) == 0 {
		return
	}
	c.pieces = append(c.pieces, piece{to, len(c.buf)})
	c.buf = append(c.buf, b[:min(len(b), limit)]...)
}

// user copies the user part of a URI, escapes undone.
func (c *copier) user(to *string, b []byte) {
	if len(b) == 0 {
		return
	}
	start := len(c.buf)
	c.pieces = append(c.pieces, piece{to, start})
	c.buf = sip.AppendUnescaped(c.buf, b[:min(len(b), 3*maxText)])
	c.buf = c.buf[:min(len(c.buf), start+maxText)]
}

// party copies user and host of a URI.
func (c *copier) party(to *call.Party, uri []byte) {
	var u sip.URI
	if sip.ParseURI(uri, &u) {
		c.user(&to.User, u.User)
		c.add(&to.Host, u.Host, maxText)
	}
}

// userOf copies the user of a URI.
func (c *copier) userOf(to *string, uri []byte) {
	var u sip.URI
	if sip.ParseURI(uri, &u) {
		c.user(to, u.User)
	}
}

func (c *copier) done() {
	text := string(c.buf)
	end := len(text)
	for i := len(c.pieces) - 1; i >= 0; i-- {
		p := c.pieces[i]
		*p.to = text[p.start:end]
		end = p.start
	}
	clear(c.pieces)
	c.buf, c.pieces = c.buf[:0], c.pieces[:0]
}

// userText is the user of a URI as a string of its own; empty when it names
// none.
func (t *Tracker) userText(uri []byte) (s string) {
	t.copy.userOf(&s, uri)
	t.copy.done()
	return s
}

// lastButOne returns the URI of the last History-Info entry but one: who passed
// the call on (RFC 7044 §10.1: the last entry is where it goes now).
func lastButOne(m *sip.Message) []byte {
	var before, last []byte
	for v, next := m.Header("History-Info", 0); next >= 0; v, next = m.Header("History-Info", next) {
		for b := m.Text(v); ; {
			open := bytes.IndexByte(b, '<')
			if open < 0 {
				break
			}
			shut := bytes.IndexByte(b[open:], '>')
			if shut < 0 {
				break
			}
			before, last = last, b[open+1:open+shut]
			b = b[open+shut:]
		}
	}
	return before
}
