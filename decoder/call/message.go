package call

import "net/netip"

// Message is one SIP transaction outside any call that detection wants to
// hear of on its own: a failed login, a probe, a refusal (RFC 3261 §21.4).
type Message struct {
	Src, Dst    netip.AddrPort // of the request
	Transport   Transport
	Method      string // of the request
	Status      int    // of the answer; 0 for a request that got none
	User        string // user of the To header: who was asked for
	FromUser    string
	UserAgent   string
	Credentials bool // the request bore credentials
	Stale       bool // the refusal said stale=true: an old nonce, no wrong password
	Anomalies   uint64
}
