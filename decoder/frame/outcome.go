package frame

// Outcome is what became of a frame. Every frame has exactly one, so that the
// books balance: frames = decoded + ignored + malformed + dropped.
type Outcome uint8

// Transport means: Packet is filled. Held means: a fragment was kept for a
// datagram that is not whole yet; it counts as decoded.
const (
	Transport Outcome = iota + 1
	Held
	IgnoredNotIP     // ARP, STP, LLDP, unknown EtherTypes
	IgnoredProtocol  // ICMP and whatever else IP carries that is not ours
	MalformedLink    // shorter than its link header, or a link header that lies
	MalformedIP      // bad version, length or header
	MalformedPort    // UDP or TCP header cut or inconsistent
	MalformedTunnel  // an encapsulation that lies, or nests too deep
	DroppedFragments // a fragment refused: overlap, or the table was full
	IgnoredLink      // a link type that is not decoded
	IgnoredDuplicate // a packet or fragment that was there already, byte for byte
	IgnoredHEP       // a capture agent's log, statistics or keep-alive
)

var outcomeNames = [...]string{"", "transport", "held", "not_ip", "protocol", "link", "ip", "transport_header",
	"tunnel", "fragments", "link_type", "duplicate", "hep"}

// String is the reason as the ledger prints it.
func (o Outcome) String() string {
	if int(o) >= len(outcomeNames) {
		return ""
	}
	return outcomeNames[o]
}

// Class is the column of the ledger that an outcome is counted in.
type Class uint8

// The columns of the ledger.
const (
	Decoded   Class = iota + 1
	Ignored         // not ours
	Malformed       // it contradicts itself, or is too short to say what it is
	Dropped         // we refused it
)

var classNames = [...]string{"", "decoded", "ignored", "malformed", "dropped"}

// String is the word that the ledger prints.
func (c Class) String() string {
	if int(c) >= len(classNames) {
		return ""
	}
	return classNames[c]
}

// Class returns the column of o, or 0 when o is no outcome.
func (o Outcome) Class() Class {
	switch o {
	case Transport, Held:
		return Decoded
	case IgnoredNotIP, IgnoredProtocol, IgnoredLink, IgnoredDuplicate, IgnoredHEP:
		return Ignored
	case MalformedLink, MalformedIP, MalformedPort, MalformedTunnel:
		return Malformed
	case DroppedFragments:
		return Dropped
	}
	return 0
}
