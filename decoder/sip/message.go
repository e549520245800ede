package sip

// Span is a piece of the message: m.Text(s) is its bytes. A zero Span is an
// absent field.
type Span struct{ Start, End uint16 }

// Empty says that the field is absent or has no bytes.
func (s Span) Empty() bool { return s.Start == s.End }

// MaxMessage is the longest message that is scanned, in bytes. A UDP datagram
// cannot be longer; on a stream a longer message is cut and flagged.
const MaxMessage = 65535

// Address is a name-addr or addr-spec header value (RFC 3261 §20.10): From, To,
// Contact, P-Asserted-Identity, Remote-Party-ID, Diversion, Refer-To.
type Address struct {
	Value Span // the first value as it stands, display name and parameters included
	URI   Span // between < and >, or the bare URI
	Tag   Span // value of the header's own tag parameter
}

// Message is one scanned SIP message: offsets into the buffer that Parse was
// given, valid as long as that buffer is. Where a header that must be single
// comes twice, the first one counts and an anomaly bit says so.
type Message struct {
	buf []byte

	Request bool
	Method  Method // of the request; of the CSeq header in a response
	Status  int    // 0 in a request

	MethodText Span // of the request line; of the CSeq header in a response
	Reason     Span // reason phrase of a response
	RequestURI Span

	CallID     Span
	CSeq       uint32 // the highest value when it is larger than that
	CSeqMethod Method
	From, To   Address
	Contact    Address // the first Contact
	Contacts   int     // how many Contact values the message has
	Via        Span    // the topmost Via value
	Branch     Span    // its branch parameter
	Vias       int     // how many Via values

	UserAgent     Span // User-Agent, else Server
	Expires       int  // seconds; -1 when absent or no number, math.MaxInt32 when larger than that
	ContentType   Span
	ContentLength int  // -1 when absent or no number, math.MaxInt32 when larger than that
	Body          Span // as long as Content-Length says and the buffer has; the rest of the buffer when it says nothing

	Asserted      Address // P-Asserted-Identity (RFC 3325), first value
	Preferred     Address // P-Preferred-Identity
	RemoteParty   Address // Remote-Party-ID
	Diversion     Address // first Diversion (RFC 5806)
	HistoryInfo   Span    // whole value of the first History-Info header (RFC 7044)
	ReferTo       Address // RFC 3515
	ReferredBy    Address // RFC 3892
	Replaces      Span    // RFC 3891
	ReasonHeader  Span    // Reason header (RFC 3326)
	SessionExpire Span    // RFC 4028
	Authorization Span    // Authorization or Proxy-Authorization, whole value
	Challenge     Span    // WWW-Authenticate or Proxy-Authenticate, whole value
	Event         Span
	Headers       Span // from after the start line to the empty line

	Anomalies Anomaly

	list Span // the header that NextAddress or NextValue is in
}

// Text returns the bytes of s. They are the caller's buffer: copy to keep.
func (m *Message) Text(s Span) []byte { return m.buf[s.Start:s.End] }

// Bytes returns the whole message as it was scanned.
func (m *Message) Bytes() []byte { return m.buf }
