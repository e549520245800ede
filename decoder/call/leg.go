package call

import (
	"net/netip"
	"time"
)

// ID names a call. It is never zero, and never used twice by a decoder or by one
// that began a second or more after it.
// All legs of one call bear the same ID.
type ID uint64

// LegID names a leg within one decoder. It is never used twice and never zero.
type LegID uint64

// Party is one end of a leg as the From or To header names it.
type Party struct {
	User string // user part of the URI, escapes undone; the number of a tel: URI
	Host string // host part without port
}

// Leg is one dialog of a call, forks and retried INVITEs (authentication,
// retransmission) merged: what a Call-ID and a From-tag name (RFC 3261 §12).
type Leg struct {
	ID        LegID
	Call      ID     // the call that this leg belongs to; may change once, see EventJoined
	CallID    string // SIP Call-ID
	Transport Transport
	Source    Source

	Src, Dst netip.AddrPort // of the first INVITE

	From, To     Party
	Request      Party  // Request-URI of the first INVITE
	Asserted     string // user of P-Asserted-Identity, else P-Preferred-Identity, else Remote-Party-ID
	ContactUser  string
	ContactHost  string
	AuthUser     string // username of (Proxy-)Authorization; empty when none was sent
	AuthRealm    string
	UserAgent    string
	Diversion    string // user of the first Diversion, else of the last History-Info entry but one
	Transferred  string // user of the Refer-To of a REFER inside this dialog
	Replaces     string // Call-ID of the Replaces header, if the INVITE bears one
	SDPSession   string // "sess-id" of the first offer's o= line (RFC 8866 §5.2)
	Credentials  bool   // an INVITE of this leg bore credentials
	Challenged   bool   // an INVITE of this leg was answered 401 or 407
	HeardOther   bool   // the other side answered with anything, 100 Trying included
	Anomalies    uint64 // of its INVITEs: bits of sip.Anomaly
	Recording    bool   // a recording session (SIPREC, RFC 7866): a copy of a call, not a call
	Acknowledged bool   // the ACK to the 2xx was seen

	Start   time.Time // first INVITE
	Ringing time.Time // first 180 or 183; zero when none
	Answer  time.Time // first 2xx to the INVITE; zero when none
	End     time.Time // zero while the leg lives

	FirstMediaCaller, FirstMediaCallee time.Time // first media that each side sent; zero when none was seen

	State    State
	Status   int // final SIP status of the INVITE; 0 when none was seen
	EndBy    Side
	Attempts int  // INVITEs merged: forks, authentication, retransmissions
	Partial  bool // rebuilt from its middle: the first INVITE was not seen
}

// Live says that the leg has not ended.
func (l *Leg) Live() bool { return l.End.IsZero() }

// Duration is answer to end; 0 for a leg that was not answered or still lives.
func (l *Leg) Duration() time.Duration {
	if l.Answer.IsZero() || l.End.IsZero() {
		return 0
	}
	return l.End.Sub(l.Answer)
}
