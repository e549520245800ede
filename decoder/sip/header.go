package sip

import "math/bits"

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

// headerName is a name that Parse reads, in lower case. Its first eight bytes
// are the key.
type headerName struct {
	key  uint64
	n    uint8 // its length
	id   headerID
	long uint8 // place in longNames when it has more than eight bytes
}

// longName is a name of more than eight bytes: beyond its key it has its last
// eight bytes, and those from the ninth on when it has more than sixteen.
type longName struct {
	key, middle, last uint64
	n                 int
	id                headerID
}

// hashed are the names by the hash of their keys. Keys are ours, and no two
// meet (a test holds it): one look tells whether a line is of interest. Names
// with one key stand one after the other in longNames.
var hashed, longNames = func() (t [128]headerName, long [16]longName) {
	longs := 0
	for i := range t {
		t[i].key = 1 // no name: what lies in an empty slot must not match
	}
	for _, h := range [...]struct {
		name string
		id   headerID
	}{
		{"via", hVia}, {"v", hVia}, {"from", hFrom}, {"f", hFrom}, {"to", hTo}, {"t", hTo}, {"call-id", hCallID},
		{"i", hCallID}, {"cseq", hCSeq}, {"contact", hContact}, {"m", hContact}, {"content-length", hContentLength},
		{"content-type", hContentType}, {"l", hContentLength}, {"c", hContentType}, {"user-agent", hUserAgent},
		{"server", hServer}, {"expires", hExpires}, {"date", hDate}, {"event", hEvent}, {"o", hEvent},
		{"p-asserted-identity", hAsserted}, {"p-preferred-identity", hPreferred}, {"remote-party-id", hRemoteParty},
		{"diversion", hDiversion}, {"history-info", hHistoryInfo}, {"refer-to", hReferTo}, {"r", hReferTo},
		{"referred-by", hReferredBy}, {"b", hReferredBy}, {"replaces", hReplaces}, {"reason", hReason},
		{"session-expires", hSessionExpires}, {"x", hSessionExpires}, {"authorization", hAuthorization},
		{"www-authenticate", hChallenge}, {"proxy-authorization", hAuthorization}, {"proxy-authenticate", hChallenge},
	} {
		b, n := []byte(h.name), len(h.name)
		e := headerName{key: load(b, 0), n: uint8(n), id: h.id, long: uint8(longs)}
		if n > 8 {
			l := longName{key: e.key, last: load(b, n-8), n: n, id: h.id}
			if n > 16 {
				l.middle = load(b, 8)
			}
			long[longs] = l
			longs++
		}
		if slot := &t[slotOf(e.key)]; slot.key != e.key {
			*slot = e
		}
	}
	return t, long
}()

// slotOf hashes a key. The factor was found by trying.
func slotOf(key uint64) uint64 { return key * slotFactor >> 57 }

const slotFactor = 0x35263b4519a2105d

// is says that the name at b[p:], which begins with l's key, goes on as l does.
func (l *longName) is(b []byte, p int) bool {
	return fold(load(b, p+l.n-8)) == l.last && (l.n <= 16 || fold(load(b, p+8)) == l.middle)
}

// nameOf reads the name of the header line b[p:end], which is not empty, and
// returns which header it is and where the text behind its colon begins; 0
// when there is no colon or no name.
func nameOf(b []byte, p, end int) (headerID, int) {
	first := fold(load(b, p))
	mark := equal(first, ':')
	key := first & ((mark&-mark)>>7 - 1) // what stands before the colon, if there is one
	h := &hashed[slotOf(key)]
	if h.key == key {
		if colon := p + int(h.n); colon < end && b[colon] == ':' && (h.n <= 8 || longNames[h.long&15].is(b, p)) {
			return h.id, colon + 1
		}
		return anyName(b, p, end)
	}
	colon := p
	if mark == 0 {
		colon += 8
		mark = equal(load(b, colon), ':')
	}
	// TrailingZeros64 gives 64 where there is no colon at all.
	colon += bits.TrailingZeros64(mark) >> 3
	if colon < end && colon > p && b[colon] == ':' && b[colon-1] > ' ' && b[p] > ' ' {
		return hOther, colon + 1 // most headers: nobody asks for them
	}
	return anyName(b, p, end)
}

// anyName is nameOf for long names, and for those with blanks before the
// colon.
func anyName(b []byte, p, end int) (headerID, int) {
	colon := colonOf(b, p, end)
	if colon == end || colon == p || b[p] <= ' ' {
		return hOther, 0
	}
	n := trimEnd(b, p, colon) - p
	key := fold(load(b, p))
	if n < 8 {
		key &= 1<<(8*n) - 1
	}
	h := &hashed[slotOf(key)]
	if h.key != key {
		return hOther, colon + 1
	}
	if int(h.n) == n && n <= 8 {
		return h.id, colon + 1
	}
	for _, l := range longNames[h.long&15:] {
		if l.key != key {
			break
		}
		if l.n == n && l.is(b, p) {
			return l.id, colon + 1
		}
	}
	return hOther, colon + 1
}

// colonOf returns where the colon of the header line b[p:end] is, or end.
func colonOf(b []byte, p, end int) int {
	for ; p < end; p += 8 {
		if t := equal(load(b, p), ':'); t != 0 {
			return min(p+bits.TrailingZeros64(t)>>3, end)
		}
	}
	return end
}

// value puts the value b[v:end] of a known header where it belongs; again says
// that the header was there before.
func (m *Message) value(id headerID, v, end int, again bool) {
	switch id {
	case hVia:
		m.via(v, end)
	case hFrom:
		m.one(m.address(v, end, &m.From) == end)
	case hTo:
		m.one(m.address(v, end, &m.To) == end)
	case hCallID:
		m.CallID = span(v, end)
	case hCSeq:
		m.cseq(v, end)
	case hContact:
		m.contact(v, end)
	case hContentLength:
		m.contentLength(v, end)
	case hContentType:
		m.ContentType = span(v, end)
	case hUserAgent:
		m.UserAgent = span(v, end)
	case hServer:
		if m.UserAgent.Empty() {
			m.UserAgent = span(v, end)
		}
	case hExpires:
		m.expires(v, end)
	case hDate:
		m.date(v, end)
	case hEvent:
		m.Event = span(v, end)
	case hReferTo:
		m.one(m.address(v, end, &m.ReferTo) == end)
	case hReferredBy:
		m.one(m.address(v, end, &m.ReferredBy) == end)
	case hReplaces:
		m.Replaces = span(v, end)
	case hSessionExpires:
		m.SessionExpire = span(v, end)
	default:
		if !again {
			m.first(id, v, end)
		}
	}
}

// one notes a list where one value belongs.
func (m *Message) one(is bool) {
	if !is {
		m.Anomalies |= MultiValue
	}
}

// first takes the first of the headers that may come several times.
func (m *Message) first(id headerID, v, end int) {
	switch id {
	case hAsserted:
		m.address(v, end, &m.Asserted)
	case hPreferred:
		m.address(v, end, &m.Preferred)
	case hRemoteParty:
		m.address(v, end, &m.RemoteParty)
	case hDiversion:
		m.address(v, end, &m.Diversion)
	case hHistoryInfo:
		m.HistoryInfo = span(v, end)
	case hReason:
		m.ReasonHeader = span(v, end)
	case hAuthorization:
		m.Authorization = span(v, end)
	case hChallenge:
		m.Challenge = span(v, end)
	}
}

// date checks that a SIP-date ends in GMT (§20.17).
func (m *Message) date(v, end int) {
	if b := m.buf[v:end]; len(b) < 4 || string(b[len(b)-4:]) != " GMT" {
		m.Anomalies |= BadDate
	}
}
