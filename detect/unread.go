package detect

import (
	"net/netip"
	"slices"
)

// Unread is what a tap cannot look into of its signalling.
type Unread struct {
	// Share of TLS in all signalling, 0 to 1: records of TLS with SIP servers, which
	// are about a message each, by those and the messages that were read, since
	// the sensor began.
	Share   float64
	Servers []netip.Addr // that speak signalling in TLS
}

// blindShare is the share of TLS from which calls are looked for in media.
const blindShare = 0.2

// SetUnread tells the engine what its tap cannot look into, as of now.
func (e *Engine) SetUnread(u Unread) { e.unread = u }

// blind says that what nobody announced may well be a call.
func (e *Engine) blind() bool { return e.unread.Share >= blindShare }

// speaksTLS says that the address is a SIP server whose messages cannot be read.
func (e *Engine) speaksTLS(a netip.Addr) bool { return slices.Contains(e.unread.Servers, a) }

// visibility is what the tap showed of the incident.
func (e *Engine) visibility(i *incident) Visibility {
	switch {
	case i.byMedia():
		return MediaOnly
	case i.phones:
		return Full
	}
	return TrunkOnly
}
