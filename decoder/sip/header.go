package sip

import "bytes"

// headerID names a header that Parse reads.
type headerID uint8

const (
	hOther headerID = iota
	hVia
	hFrom
	hTo
	hCallID
	hCSeq
	hContact
	hContentLength
	hContentType
	hUserAgent
	hServer
	hExpires
	hDate
	hEvent
	hAsserted
	hPreferred
	hRemoteParty
	hDiversion
	hHistoryInfo
	hReferTo
	hReferredBy
	hReplaces
	hReason
	hSessionExpires
	hAuthorization
	hChallenge
)

// headerSet is a set of headers, one bit each.
type headerSet uint32

func (s headerSet) has(h headerID) bool { return s&(1<<h) != 0 }

const (
	mandatory headerSet = 1<<hVia | 1<<hFrom | 1<<hTo | 1<<hCallID | 1<<hCSeq
	// several may come more than once, or as a list.
	several headerSet = 1<<hOther | 1<<hVia | 1<<hContact | 1<<hAsserted | 1<<hPreferred | 1<<hRemoteParty |
		1<<hDiversion | 1<<hHistoryInfo | 1<<hReason | 1<<hAuthorization | 1<<hChallenge
)

// compact maps the one-letter names (RFC 3261 §7.3.3 and the IANA registry).
var compact = [26]headerID{'b' - 'a': hReferredBy, 'c' - 'a': hContentType, 'f' - 'a': hFrom, 'i' - 'a': hCallID,
	'l' - 'a': hContentLength, 'm' - 'a': hContact, 'o' - 'a': hEvent, 'r' - 'a': hReferTo, 't' - 'a': hTo,
	'v' - 'a': hVia, 'x' - 'a': hSessionExpires}

// headerName is a name of two bytes or more: its first eight bytes, its last
// eight and, when those two leave a gap, the eight in the middle.
type headerName struct {
	first, middle, last uint64
	id                  headerID
}

const longestName = 20

// names holds the long names by length.
var names = func() (t [longestName + 1][]headerName) {
	for _, h := range []struct {
		name string
		id   headerID
	}{
		{"via", hVia}, {"from", hFrom}, {"to", hTo}, {"call-id", hCallID}, {"cseq", hCSeq}, {"contact", hContact},
		{"content-length", hContentLength}, {"content-type", hContentType}, {"user-agent", hUserAgent},
		{"server", hServer}, {"expires", hExpires}, {"date", hDate}, {"event", hEvent},
		{"p-asserted-identity", hAsserted}, {"p-preferred-identity", hPreferred}, {"remote-party-id", hRemoteParty},
		{"diversion", hDiversion}, {"history-info", hHistoryInfo}, {"refer-to", hReferTo},
		{"referred-by", hReferredBy}, {"replaces", hReplaces}, {"reason", hReason},
		{"session-expires", hSessionExpires}, {"authorization", hAuthorization},
		{"proxy-authorization", hAuthorization}, {"www-authenticate", hChallenge}, {"proxy-authenticate", hChallenge},
	} {
		n := len(h.name)
		e := headerName{first: load([]byte(h.name), 0), id: h.id}
		if n > 8 {
			e.last = load([]byte(h.name), n-8)
		}
		if n > 16 {
			e.middle = load([]byte(h.name), 8)
		}
		t[n] = append(t[n], e)
	}
	return t
}()

// identify finds which header the name b[p:p+n] is.
func identify(b []byte, p, n int) headerID {
	if n == 1 {
		if c := b[p] | 0x20; c-'a' <= 'z'-'a' {
			return compact[c-'a']
		}
		return hOther
	}
	if n > longestName || len(names[n]) == 0 {
		return hOther
	}
	first := fold(load(b, p))
	if n < 8 {
		first &= 1<<(8*n) - 1
	}
	for _, h := range names[n] {
		if h.first != first {
			continue
		}
		if n > 8 && fold(load(b, p+n-8)) != h.last || n > 16 && fold(load(b, p+8)) != h.middle {
			continue
		}
		return h.id
	}
	return hOther
}

// nameOf splits the header line b[p:end] at its colon: the name is b[p:p+n], the
// value begins at v. n is 0 when there is no name or no colon.
func nameOf(b []byte, p, end int) (n, v int) {
	i := bytes.IndexByte(b[p:end], ':')
	if i <= 0 {
		return 0, end
	}
	colon := p + i
	n = trimEnd(b, p, colon) - p
	if isBlank(b[p]) {
		n = 0
	}
	return n, colon + 1
}

// header reads the header line from p to end.
func (m *Message) header(p, end int, seen *headerSet) {
	b := m.buf
	n, v := nameOf(b, p, end)
	if n == 0 {
		m.Anomalies |= BadHeaderLine
		return
	}
	id := identify(b, p, n)
	if id == hOther {
		return
	}
	bit := headerSet(1) << id
	again := *seen&bit != 0
	*seen |= bit
	if again && several&bit == 0 {
		m.Anomalies |= DuplicateHeader
		return
	}
	for v < end && isBlank(b[v]) {
		v++
	}
	m.value(id, span(v, trimEnd(b, v, end)), again)
}

// value puts the value of a known header where it belongs; again says that the
// header was there before.
func (m *Message) value(id headerID, s Span, again bool) {
	switch id {
	case hVia:
		m.via(s)
	case hFrom:
		m.single(s, &m.From)
	case hTo:
		m.single(s, &m.To)
	case hCallID:
		m.CallID = s
	case hCSeq:
		m.cseq(s)
	case hContact:
		m.contact(s)
	case hContentLength:
		m.contentLength(s)
	case hContentType:
		m.ContentType = s
	case hUserAgent:
		m.UserAgent = s
	case hServer:
		if m.UserAgent.Empty() {
			m.UserAgent = s
		}
	case hExpires:
		m.expires(s)
	case hDate:
		m.date(s)
	case hEvent:
		m.Event = s
	case hReferTo:
		m.single(s, &m.ReferTo)
	case hReferredBy:
		m.single(s, &m.ReferredBy)
	case hReplaces:
		m.Replaces = s
	case hSessionExpires:
		m.SessionExpire = s
	default:
		if !again {
			m.first(id, s)
		}
	}
}

// first takes the first of the headers that may come several times.
func (m *Message) first(id headerID, s Span) {
	switch id {
	case hAsserted:
		m.address(s, &m.Asserted)
	case hPreferred:
		m.address(s, &m.Preferred)
	case hRemoteParty:
		m.address(s, &m.RemoteParty)
	case hDiversion:
		m.address(s, &m.Diversion)
	case hHistoryInfo:
		m.HistoryInfo = s
	case hReason:
		m.ReasonHeader = s
	case hAuthorization:
		m.Authorization = s
	case hChallenge:
		m.Challenge = s
	}
}

// date checks that a SIP-date ends in GMT (§20.17).
func (m *Message) date(s Span) {
	if b := m.Text(s); len(b) < 4 || string(b[len(b)-4:]) != " GMT" {
		m.Anomalies |= BadDate
	}
}
