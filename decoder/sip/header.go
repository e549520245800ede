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

// headerName is a name in lower case: its first eight bytes, its last eight
// when it has more than eight, and the eight in the middle when it has more
// than sixteen.
type headerName struct {
	first, middle, last uint64
	n                   int
	id                  headerID
}

const longestName = 20

// slots holds the names that Parse reads by a hash without collisions: one
// look tells whether a name is among them. Names are ours, so that no sender
// can choose one that collides.
var slots = func() (t [128]headerName) {
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
		e := headerName{first: load(b, 0), n: n, id: h.id}
		if n > 8 {
			e.last = load(b, n-8)
		}
		if n > 16 {
			e.middle = load(b, 8)
		}
		t[slotOf(e.first, n)] = e
	}
	return t
}()

// slotOf hashes a name. The factor was found by trying; a test holds that no
// two names meet.
func slotOf(first uint64, n int) uint64 { return ((first ^ uint64(n)<<56) * slotFactor) >> 57 }

const slotFactor = 0xe746ebebcd7e80a3

// identify finds which header the name b[p:p+n] is; first is its first eight
// bytes, lowered.
func identify(b []byte, p, n int, first uint64) headerID {
	if n > longestName {
		return hOther
	}
	if n < 8 {
		first &= 1<<(8*n) - 1
	}
	h := &slots[slotOf(first, n)]
	if h.first != first || h.n != n {
		return hOther
	}
	if n > 8 && (fold(load(b, p+n-8)) != h.last || n > 16 && fold(load(b, p+8)) != h.middle) {
		return hOther
	}
	return h.id
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

// header reads the header line from p to end, which is not empty.
func (m *Message) header(p, end int, seen *headerSet) {
	b := m.buf
	first := fold(load(b, p))
	var colon int
	if t := equal(first, ':'); t != 0 {
		colon = p + bits.TrailingZeros64(t)>>3
	} else {
		colon = colonOf(b, p+8, end)
	}
	n := trimEnd(b, p, colon) - p
	if colon >= end || n == 0 || isBlank(b[p]) {
		m.Anomalies |= BadHeaderLine
		return
	}
	id := identify(b, p, n, first)
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
	v := colon + 1
	for v < end && isBlank(b[v]) {
		v++
	}
	m.value(id, v, trimEnd(b, v, end), again)
}

// value puts the value b[v:end] of a known header where it belongs; again says
// that the header was there before.
func (m *Message) value(id headerID, v, end int, again bool) {
	switch id {
	case hVia:
		m.via(v, end)
	case hFrom:
		m.single(v, end, &m.From)
	case hTo:
		m.single(v, end, &m.To)
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
		m.single(v, end, &m.ReferTo)
	case hReferredBy:
		m.single(v, end, &m.ReferredBy)
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
