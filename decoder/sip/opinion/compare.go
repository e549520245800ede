package opinion

import (
	"strconv"
	"strings"

	"tollwatch/decoder/sip"
	"tollwatch/decoder/sip/gosip"
)

// Finding is a header, or a fact in it, on which the two parsers differ.
type Finding struct {
	Header         string
	Fact           string // tag, user …; empty when one of them has no such header
	Scanner, Gosip string // what each read
	Reason         string // why; empty when no reason is known
	Fault          bool   // the reason is a fault of gosip's and tells nothing of the sender
}

// subject is one header that both parsers are asked about.
type subject struct {
	name  string
	value []byte // as the scanner found it
	uri   []byte // in it, of headers that bear one
	facts []fact
}

type fact struct{ name, scanner, gosip string }

// Compare lists what the scanner and gosip read otherwise in the same message.
func Compare(m *sip.Message, f *gosip.Facts) []Finding {
	var out []Finding
	for _, s := range subjects(m, f) {
		if has := len(s.value) > 0; has != f.Has(s.name) {
			out = append(out, s.finding(m, fact{scanner: string(s.value)}))
			continue
		}
		for _, x := range s.facts {
			if bare(x.scanner) != bare(x.gosip) {
				out = append(out, s.finding(m, x))
			}
		}
	}
	return out
}

func (s *subject) finding(m *sip.Message, x fact) Finding {
	out := Finding{Header: s.name, Fact: x.name, Scanner: x.scanner, Gosip: x.gosip}
	out.Reason, out.Fault = s.reason(m, x.name)
	return out
}

func subjects(m *sip.Message, f *gosip.Facts) [6]subject {
	cseq, _ := m.Header("CSeq", 0)
	number, method := strconv.FormatUint(uint64(m.CSeq), 10), strings.ToUpper(cseqMethod(m, cseq))
	return [...]subject{
		{name: "From", value: m.Text(m.From.Value), uri: m.Text(m.From.URI), facts: []fact{
			{"user", user(m.Text(m.From.URI)), f.FromUser}, {"tag", string(m.Text(m.From.Tag)), f.FromTag}}},
		{name: "To", value: m.Text(m.To.Value), uri: m.Text(m.To.URI), facts: []fact{
			{"user", user(m.Text(m.To.URI)), f.ToUser}, {"tag", string(m.Text(m.To.Tag)), f.ToTag}}},
		{name: "Call-ID", value: m.Text(m.CallID), facts: []fact{{"id", string(m.Text(m.CallID)), f.CallID}}},
		{name: "CSeq", value: m.Text(cseq), facts: []fact{
			{"number", number, strconv.FormatUint(uint64(f.CSeq), 10)}, {"method", method, strings.ToUpper(f.CSeqMethod)}}},
		{name: "Via", value: m.Text(m.Via), facts: []fact{{"branch", string(m.Text(m.Branch)), f.Branch}}},
		{name: "Contact", value: m.Text(m.Contact.Value), uri: m.Text(m.Contact.URI)},
	}
}

// user is the user part as gosip gives it: with its parameters, escapes undone.
func user(uri []byte) string {
	var u sip.URI
	sip.ParseURI(uri, &u)
	b := sip.AppendUnescaped(nil, u.User)
	if u.UserParams != nil {
		b = sip.AppendUnescaped(append(b, ';'), u.UserParams)
	}
	return string(b)
}

// cseqMethod is the text of the CSeq method: of one that is none of the
// registry the message keeps no text, so the header is read again.
func cseqMethod(m *sip.Message, value sip.Span) string {
	if m.CSeqMethod != sip.Other {
		return m.CSeqMethod.String()
	}
	words := strings.Fields(string(m.Text(value)))
	if len(words) < 2 {
		return ""
	}
	return words[1]
}

// bare is s without white space: gosip joins folded lines with blanks of its
// own, and keeps those around the signs.
func bare(s string) string {
	if !strings.ContainsAny(s, " \t\r\n") {
		return s
	}
	return strings.Join(strings.Fields(s), "")
}
