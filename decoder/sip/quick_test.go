package sip

import (
	"bytes"
	"path/filepath"
	"reflect"
	"testing"
)

// parseThorough is Parse without its quick readers.
func parseThorough(b []byte, m *Message) bool {
	b = b[:min(len(b), MaxMessage)]
	var s start
	if !s.scan(b) {
		return false
	}
	m.reset(b)
	m.start(&s)
	m.Headers = span(s.next, len(b))
	var seen headerSet
	for p := s.next; p < len(b); {
		next, id := m.thorough(p, hOther, 0, seen)
		if id == hEnd {
			m.Headers.End = uint16(p)
			m.finish(next, seen)
			return true
		}
		seen.add(id)
		p = next
	}
	m.Anomalies |= NoEmptyLine
	m.finish(len(b), seen)
	return true
}

// checkAlike: the quick readers and the thorough ones read one message alike.
func checkAlike(t *testing.T, b []byte) {
	t.Helper()
	var quick, thorough Message
	if len(b) > MaxMessage || !Parse(b, &quick) {
		return
	}
	if !parseThorough(b, &thorough) {
		t.Fatalf("the quick reader accepts a start line, the thorough one does not: %q", b)
	}
	if !reflect.DeepEqual(quick, thorough) {
		t.Fatalf("%q\nquick    %+v\nthorough %+v", b, quick, thorough)
	}
}

// TestQuick puts into every place of a message what may stand there by error
// or on purpose.
func TestQuick(t *testing.T) {
	odd := []string{"", " ", "  ", "\t", "\r", "\n", "\r\n", "\r\n ", "\r\n\t", "\r\n\r\n", ";", ";;", ";;;", ",", ",,", ":", "\"", "\\\"", "\"\"", "<", ">", "<>",
		"=", "?", "@", "*", "+", "-", "!", "%", "\x00", "\x7f", "\x80", "\xff", "é", ";tag=", ";tag=x", ";TAG=x", ";tag", ";tag =x", ";branch=", ";branch=y",
		";rport;", "; x", "t=1;", "99999999999", "A: b\r\n", "t: <sip:x@y>\r\n", "SIP/2.0/", ", SIP/2.0/UDP z"}
	messages := append(own(t), message("Contact: <sip:a@b;x=y>;expires=60;q=0.5", "Expires: 60", "P-Asserted-Identity: \"A B\" <tel:+1>;x",
		"Remote-Party-ID: <sip:a@b>;party=calling;screen=yes", "Session-Expires: 90", "WWW-Authenticate: Digest realm=\"x\""))
	for _, b := range messages {
		checkAlike(t, b)
		for p := range bytes.Index(b, []byte("\r\n\r\n")) + 4 {
			for _, s := range odd {
				checkAlike(t, []byte(string(b[:p])+s+string(b[p:])))
				checkAlike(t, []byte(string(b[:p])+s+string(b[p+1:])))
			}
		}
	}
}

// TestQuickOnCorpus: the same on the messages that lie beside the repository.
func TestQuickOnCorpus(t *testing.T) {
	for _, b := range readAll(t, filepath.Join(corpus(t), "sip", "*", "*.dat")) {
		checkAlike(t, b)
	}
}
