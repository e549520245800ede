package device

import (
	"cmp"
	"fmt"
	"net/netip"
)

// TelephoneEvent is the payload type that every make gives RFC 4733.
const TelephoneEvent = 101

// Session is an SDP offer or answer (RFC 8866) of one stream of speech.
type Session struct {
	Owner string
	ID    uint64
	Media netip.AddrPort
	Offer bool // an offer lists what could be spoken, an answer what will be

	Direction string // sendrecv unless given; t38 for a fax instead of speech
	Version   uint64 // of the description: how many came before
}

const offered = "8 0 18 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:18 G729/8000\r\na=fmtp:18 annexb=no\r\n"

const agreed = "8 101\r\na=rtpmap:8 PCMA/8000\r\n"

// Append writes the body.
func (s *Session) Append(dst []byte) []byte {
	family := "IP4"
	addr := s.Media.Addr()
	if addr.Is6() {
		family = "IP6"
	}
	dst = fmt.Appendf(dst, "v=0\r\no=%s %d %d IN %s %s\r\ns=%s\r\n", s.Owner, s.ID, s.ID+s.Version, family, addr, s.Owner)
	dst = fmt.Appendf(dst, "c=IN %s %s\r\nt=0 0\r\n", family, addr)
	if s.Direction == "t38" {
		return fmt.Appendf(dst, "m=image %d udptl t38\r\na=T38FaxVersion:0\r\na=T38MaxBitRate:14400\r\na=T38FaxRateManagement:transferredTCF\r\na=T38FaxUdpEC:t38UDPRedundancy\r\n", s.Media.Port())
	}
	dst = fmt.Appendf(dst, "m=audio %d RTP/AVP ", s.Media.Port())
	formats := agreed
	if s.Offer {
		formats = offered
	}
	dst = append(dst, formats...)
	return fmt.Appendf(dst, "a=rtpmap:%d telephone-event/8000\r\na=fmtp:%d 0-16\r\na=ptime:20\r\na=%s\r\n", TelephoneEvent, TelephoneEvent, cmp.Or(s.Direction, "sendrecv"))
}
