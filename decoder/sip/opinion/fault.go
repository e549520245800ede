package opinion

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"tollwatch/decoder/sip"
)

// reason says why the parsers differ on a fact of the subject, or on whether it
// is there (fact is empty), and whether that is gosip's fault alone.
func (s *subject) reason(m *sip.Message, fact string) (string, bool) {
	switch {
	case s.says(fact) > 1:
		return "the parameter comes twice", false
	case s.torn(fact):
		return "white space within the parameter", false
	case fact == "branch" && !s.hosted():
		return "a Via without a host", false
	}
	for i := range faults {
		if k := &faults[i]; strings.Contains(k.facts, "/"+fact+"/") && k.holds(s) {
			return k.reason, true
		}
	}
	if m.Anomalies&ambiguous != 0 {
		return "the message can be read in two ways, and a bit says so", false
	}
	if sip.Validate(m) != 0 {
		return "control characters, or a URI that cannot be right", false
	}
	if fact == "" || fact == "branch" && m.Vias > 1 { // gosip goes on with the next Via
		return "one of them lost a header that the other has", false
	}
	return "", false
}

// ambiguous are the bits of messages that can be read in two ways. That two
// parsers do is no fault of either, and just what is looked for.
const ambiguous = sip.DuplicateHeader | sip.MultiValue | sip.UnbalancedQuote | sip.BareDisplayName | sip.BadAddress |
	sip.BadHeaderLine | sip.EmptyParameter | sip.BadURI | sip.BadCSeq | sip.BareLF | sip.NoEmptyLine | sip.BadStartLine |
	sip.QuotedSpoof

// faults are the known faults of gosip's. Each looks at the header in question
// alone: what stands elsewhere in the message excuses nothing.
var faults = [...]struct {
	reason string
	facts  string // that it explains, between slashes; // is a lost header
	holds  func(*subject) bool
}{
	{"gosip knows no URIs but sip: and sips:", "//", func(s *subject) bool {
		var u sip.URI
		return sip.ParseURI(s.uri, &u) && u.Scheme != sip.SIP && u.Scheme != sip.SIPS
	}},
	{"gosip knows no IPv6 address without a port", "//", func(s *subject) bool {
		if s.uri == nil {
			return bytes.IndexByte(s.value, '[') >= 0
		}
		return bytes.IndexByte(s.uri, '[') >= 0
	}},
	{"gosip stumbles over lines folded before a parameter", "//", func(s *subject) bool {
		return bytes.IndexByte(s.value, '\n') >= 0
	}},
	{"gosip ends a quoted name at an escaped quote", "//user/tag/", func(s *subject) bool {
		return bytes.Contains(s.value, []byte(`\"`))
	}},
	{"gosip undoes escapes in parameters, which have none, and gives up at a % that is none", "//tag/branch/", func(s *subject) bool {
		return bytes.IndexByte(s.parameters(), '%') >= 0
	}},
	{"gosip makes a + in a parameter a blank", "/tag/branch/", func(s *subject) bool {
		return bytes.IndexByte(s.parameters(), '+') >= 0
	}},
	{"gosip takes each byte of a parameter for a character of its own", "/tag/branch/", func(s *subject) bool {
		return bytes.ContainsFunc(s.parameters(), func(r rune) bool { return r >= utf8.RuneSelf })
	}},
	{"gosip gives up at a second = in a parameter, as base64 ends with", "//", func(s *subject) bool {
		for part := range bytes.SplitSeq(s.value, []byte(";")) {
			if bytes.Count(part, []byte("=")) > 1 {
				return true
			}
		}
		return false
	}},
	{"gosip takes the quotes of a value for its own and drops what it holds", "/tag/branch/", func(s *subject) bool {
		return bytes.IndexByte(s.parameters(), '"') >= 0
	}},
	{"gosip's parameter names are what stands between the signs, in this case", "/tag/branch/", func(s *subject) bool {
		return s.unlike("tag") || s.unlike("branch")
	}},
}

// parameters is what stands behind the URI, or in Via behind the host.
func (s *subject) parameters() []byte {
	if i := bytes.Index(s.value, s.uri); len(s.uri) > 0 && i >= 0 {
		return s.value[i+len(s.uri):]
	}
	if i := bytes.IndexByte(s.value, ';'); i >= 0 {
		return s.value[i:]
	}
	return nil
}

// says counts how often the header has the parameter.
func (s *subject) says(name string) int {
	n := 0
	for part := range bytes.SplitSeq(s.parameters(), []byte(";")) {
		if key, _, ok := bytes.Cut(part, []byte("=")); ok && bytes.EqualFold(bytes.TrimSpace(key), []byte(name)) {
			n++
		}
	}
	return n
}

// torn says that white space stands within the parameter's name or value.
func (s *subject) torn(name string) bool {
	const white = " \t\r\n"
	for part := range bytes.SplitSeq(s.parameters(), []byte(";")) {
		key, value, ok := bytes.Cut(part, []byte("="))
		key, value = bytes.TrimSpace(key), bytes.TrimSpace(value)
		if ok && strings.EqualFold(bare(string(key)), name) && (bytes.ContainsAny(key, white) || bytes.ContainsAny(value, white)) {
			return true
		}
	}
	return false
}

// hosted says that a blank stands between the transport and the parameters of a
// Via, behind which its host may begin (RFC 3261 §20.42).
func (s *subject) hosted() bool {
	before, _, _ := bytes.Cut(s.value, []byte(";"))
	return bytes.ContainsAny(bytes.TrimSpace(before), " \t\r\n")
}

// unlike says that the header has the parameter, written in another way.
func (s *subject) unlike(name string) bool {
	return s.says(name) > 0 && !bytes.Contains(s.parameters(), []byte(";"+name+"="))
}
