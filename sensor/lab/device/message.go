package device

import (
	"cmp"
	"strconv"
)

// Message is what one SIP message says. Empty fields are not written.
type Message struct {
	Method     string // of the request, or of the request that is answered
	Status     int    // 0 in a request
	RequestURI string

	Via        string // the whole value; of the request in its answer
	From, To   string // whole values
	CallID     string
	CSeq       uint32
	Contact    string // whole value
	Asserted   string // P-Asserted-Identity (RFC 3325)
	Diversion  string // RFC 5806
	ReferTo    string // RFC 3515
	Event      string // RFC 6665 §8.2.1
	State      string // Subscription-State (RFC 6665 §8.2.3)
	Auth       string // name and value of the header with credentials
	Challenge  string // name and value
	Expires    int    // written where Method is REGISTER
	Body       []byte // SDP, or what Report writes
	Capability bool   // Allow and Supported are written
	Agent      string // instead of the make's name
}

// Report makes a NOTIFY of the message that tells how a call goes that a REFER
// asked for (RFC 3515 §2.4.4): it is over once the status is final.
func (m *Message) Report(status int) {
	m.Event, m.State = "refer", "active;expires=60"
	if status >= 200 {
		m.State = "terminated;reason=noresource"
	}
	m.Body = []byte("SIP/2.0 " + strconv.Itoa(status) + " " + reasons[status] + "\r\n")
}

// field is a header in the order of a make.
type field uint8

const (
	via field = iota + 1
	maxForwards
	from
	to
	callID
	cseq
	contact
	expires
	allow
	supported
	asserted
	diversion
	referTo
	event
	state
	auth
	agent
	contentType
	contentLength
)

// Append writes the message as the make does.
func (k *Make) Append(dst []byte, m *Message) []byte {
	order := k.requests
	if m.Status == 0 {
		dst = append(dst, m.Method+" "+m.RequestURI+" SIP/2.0\r\n"...)
	} else {
		order = k.answers
		dst = append(dst, "SIP/2.0 "+strconv.Itoa(m.Status)+" "+reasons[m.Status]+"\r\n"...)
	}
	for _, f := range order {
		dst = k.appendHeader(dst, f, m)
		if f == contact { // what few requests have stands behind what most have
			for _, rare := range []field{diversion, referTo, event, state} {
				dst = k.appendHeader(dst, rare, m)
			}
		}
	}
	dst = append(dst, "\r\n"...)
	return append(dst, m.Body...)
}

func (k *Make) appendHeader(dst []byte, f field, m *Message) []byte {
	name, value := k.header(f, m)
	if value == "" {
		return dst
	}
	if short := short[f]; k.compact && short != "" {
		name = short
	}
	return append(dst, name+": "+value+"\r\n"...)
}

func (k *Make) header(f field, m *Message) (name, value string) {
	switch f {
	case via:
		return "Via", m.Via
	case maxForwards:
		return "Max-Forwards", "70"
	case from:
		return "From", m.From
	case to:
		return "To", m.To
	case callID:
		return "Call-ID", m.CallID
	case cseq:
		return "CSeq", strconv.FormatUint(uint64(m.CSeq), 10) + " " + m.Method
	case contact:
		return "Contact", m.Contact
	case asserted:
		return "P-Asserted-Identity", m.Asserted
	case diversion:
		return "Diversion", m.Diversion
	case referTo:
		return "Refer-To", m.ReferTo
	case event:
		return "Event", m.Event
	case state:
		return "Subscription-State", m.State
	case auth:
		return m.credentials()
	}
	return k.description(f, m)
}

// credentials are those of a request, or the challenge of an answer.
func (m *Message) credentials() (name, value string) {
	both := m.Auth + m.Challenge
	for i := range len(both) {
		if both[i] == ':' {
			return both[:i], both[i+2:]
		}
	}
	return "", ""
}

// description is what tells of the sender and the body.
func (k *Make) description(f field, m *Message) (name, value string) {
	switch {
	case f == expires && m.Method == "REGISTER" && m.Expires > 0:
		return "Expires", strconv.Itoa(m.Expires)
	case f == allow && m.Capability:
		return "Allow", k.allow
	case f == supported && m.Capability:
		return "Supported", k.supported
	case f == agent && m.Status == 0:
		return "User-Agent", cmp.Or(m.Agent, k.Name)
	case f == agent:
		return k.serverHeader, k.Name
	case f == contentType && m.Event != "":
		return "Content-Type", "message/sipfrag;version=2.0"
	case f == contentType && len(m.Body) > 0:
		return "Content-Type", "application/sdp"
	case f == contentLength:
		return "Content-Length", strconv.Itoa(len(m.Body))
	}
	return "", ""
}

// short are the compact names (RFC 3261 §20, RFC 3515 §2.1, RFC 6665 §8.2.1).
var short = map[field]string{
	via: "v", from: "f", to: "t", callID: "i", contact: "m", supported: "k", referTo: "r", event: "o", contentType: "c", contentLength: "l",
}

var reasons = map[int]string{
	100: "Trying", 180: "Ringing", 183: "Session Progress", 200: "OK", 202: "Accepted", 302: "Moved Temporarily",
	401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 407: "Proxy Authentication Required",
	480: "Temporarily Unavailable", 481: "Call/Transaction Does Not Exist", 486: "Busy Here", 487: "Request Terminated",
	503: "Service Unavailable", 603: "Decline",
}
