package sip

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
	hEnd // no header: the empty line behind them
)

// headerSet is a set of headers, one bit each.
type headerSet uint32

func (s headerSet) has(h headerID) bool { return s&(1<<(h&31)) != 0 }
func (s *headerSet) add(h headerID)     { *s |= 1 << (h & 31) }

const (
	mandatory headerSet = 1<<hVia | 1<<hFrom | 1<<hTo | 1<<hCallID | 1<<hCSeq
	// several may come more than once, or as a list.
	several headerSet = 1<<hOther | 1<<hVia | 1<<hContact | 1<<hAsserted | 1<<hPreferred | 1<<hRemoteParty |
		1<<hDiversion | 1<<hHistoryInfo | 1<<hReason | 1<<hAuthorization | 1<<hChallenge
)

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
