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
// are the key; a longer name has the rest in its last eight bytes, and in the
// eight from the ninth on when it has more than sixteen.
type headerName struct {
	key, middle, last uint64
	n                 int
	id                headerID
	next              int // in alike, of another name with the same key; 0 when there is none
}

// hashed names by the hash of their keys. Keys are ours, and no two meet (a
// test holds it): one look tells whether a line is of interest. Of the names
// with one key, all long, the second stands in alike.
var hashed, alike = func() (t [128]headerName, alike []headerName) {
	alike = make([]headerName, 1)
	for i := range t {
		t[i].key = 1 // no name: what lies in an empty slot must not match
	}
	for _, h := range [...]struct {
		name string
		id   headerID
	}{
		{"via", hVia}, {"v", hVia}, {"from", hFrom}, {"f", hFrom}, {"to", hTo}, {"t", hTo}, {"call-id", hCallID},
		{"i", hCallID}, {"cseq", hCSeq}, {"contact", hContact}, {"m", hContact}, {"content-length", hContentLength},
		{"l", hContentLength}, {"content-type", hContentType}, {"c", hContentType}, {"user-agent", hUserAgent},
		{"server", hServer}, {"expires", hExpires}, {"date", hDate}, {"event", hEvent}, {"o", hEvent},
		{"p-asserted-identity", hAsserted}, {"p-preferred-identity", hPreferred}, {"remote-party-id", hRemoteParty},
		{"diversion", hDiversion}, {"history-info", hHistoryInfo}, {"refer-to", hReferTo}, {"r", hReferTo},
		{"referred-by", hReferredBy}, {"b", hReferredBy}, {"replaces", hReplaces}, {"reason", hReason},
		{"session-expires", hSessionExpires}, {"x", hSessionExpires}, {"authorization", hAuthorization},
		{"proxy-authorization", hAuthorization}, {"www-authenticate", hChallenge}, {"proxy-authenticate", hChallenge},
	} {
		b, n := []byte(h.name), len(h.name)
		e := headerName{key: load(b, 0), n: n, id: h.id}
		if n > 8 {
			e.last = load(b, n-8)
		}
		if n > 16 {
			e.middle = load(b, 8)
		}
		if slot := &t[slotOf(e.key)]; slot.key == e.key {
			slot.next = len(alike)
			alike = append(alike, e)
		} else {
			*slot = e
		}
	}
	return t, alike
}()

// slotOf hashes a key. The factor was found by trying.
func slotOf(key uint64) uint64 { return key * slotFactor >> 57 }

const slotFactor = 0x35263b4519a2105d

// tail says that the rest of the name at b[p:] is that of h.
func (h *headerName) tail(b []byte, p int) bool {
	return fold(load(b, p+h.n-8)) == h.last && (h.n <= 16 || fold(load(b, p+8)) == h.middle)
}

// nameOf reads the name of the header line b[p:end], which is not empty, and
// returns which header it is and where the text behind its colon begins; 0
// when there is no colon or no name.
func nameOf(b []byte, p, end int) (headerID, int) {
	first := fold(load(b, p))
	mark := equal(first, ':')
	key := first & ((mark&-mark)>>7 - 1) // what stands before the colon, if there is one
	for h := &hashed[slotOf(key)]; h.key == key; h = &alike[h.next] {
		if p+h.n < end && b[p+h.n] == ':' && (h.n <= 8 || h.tail(b, p)) {
			return h.id, p + h.n + 1
		}
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

// anyName is nameOf for names of no interest, and for those with blanks before
// the colon.
func anyName(b []byte, p, end int) (headerID, int) {
	colon := colonOf(b, p, end)
	if colon == end || colon == p || isBlank(b[p]) {
		return hOther, 0
	}
	n := trimEnd(b, p, colon) - p
	key := fold(load(b, p))
	if n < 8 {
		key &= 1<<(8*n) - 1
	}
	for h := &hashed[slotOf(key)]; h.key == key; h = &alike[h.next] {
		if h.n == n && (n <= 8 || h.tail(b, p)) {
			return h.id, colon + 1
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
