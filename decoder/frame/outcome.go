package frame

// Outcome is what became of a frame. Every frame has exactly one, so that the
// books balance: frames = decoded + ignored + malformed (+ dropped).
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
)

var outcomeNames = [...]string{"", "transport", "held", "not_ip", "protocol", "link", "ip", "transport_header",
	"tunnel", "fragments", "link_type"}

// String is the reason as the ledger prints it.
func (o Outcome) String() string {
	if int(o) >= len(outcomeNames) {
		return ""
	}
	return outcomeNames[o]
}
