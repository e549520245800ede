package frame

// LinkType is a LINKTYPE_ value of the tcpdump.org registry.
type LinkType uint16

// The link types that are decoded.
const (
	LinkNull     LinkType = 0
	LinkEthernet LinkType = 1
	LinkPPP      LinkType = 9
	LinkRawBSD   LinkType = 12
	LinkRaw      LinkType = 101
	LinkLoop     LinkType = 108
	LinkSLL      LinkType = 113
	LinkIPv4     LinkType = 228
	LinkIPv6     LinkType = 229
	LinkSLL2     LinkType = 276

	LinkHEP LinkType = 0xff48 // none of the registry: one HEP packet, as a listener gets it
)
