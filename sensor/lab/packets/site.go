package packets

import (
	"fmt"
	"math/rand/v2"
	"net/netip"

	"tollwatch/sensor/lab/device"
	"tollwatch/sensor/lab/scenario"
	"tollwatch/sensor/lab/wire"
)

// party is a machine that speaks SIP.
type party struct {
	sip   wire.Port
	make  *device.Make
	login *device.Credentials // of a telephone
	media ports
	conn  *conn // of a telephone that speaks TCP
}

// host is its address as it stands in a URI.
func (p *party) host() string {
	if p.sip.Addr.Is6() {
		return "[" + p.sip.Addr.String() + "]"
	}
	return p.sip.Addr.String()
}

func (p *party) hostPort() string { return p.sip.AddrPort().String() }

// contact is where it is reached (RFC 3261 §20.10), without brackets.
func (p *party) contact(user string) string {
	uri := "sip:" + user + "@" + p.hostPort()
	if p.conn != nil {
		uri += ";transport=tcp"
	}
	return uri
}

// site is all that can be seen at the customer's.
type site struct {
	pbx, carrier, stranger *party
	phones                 map[string]*party
	order                  []string // of the extensions
	realm                  string
}

const (
	pbxHost       = 5
	carrierHost   = 5
	strangerHost  = 77
	firstPhone    = 100 // telephone 201 is 192.168.10.101
	routerMAC     = 1
	carrierHops   = 6
	strangerHops  = 11
	sipPort       = 5060
	strangerPort  = 5071
	phoneTCPPort  = 40000
	pbxMedia      = 10000
	phoneMedia    = 16384
	carrierMedia  = 30000
	strangerMedia = 40000
)

// The networks: RFC 1918, RFC 5737 and RFC 3849.
var (
	networks4 = [...]string{"192.168.10.", "203.0.113.", "198.51.100."}
	networks6 = [...]string{"2001:db8:10::", "2001:db8:113::", "2001:db8:100::"}
)

const (
	lan = iota
	trunkNet
	internet
)

func address(p *scenario.Parameters, network, host int) netip.Addr {
	if p.Wire.IP == 6 {
		return netip.MustParseAddr(fmt.Sprintf("%s%x", networks6[network], host))
	}
	return netip.MustParseAddr(fmt.Sprintf("%s%d", networks4[network], host))
}

func newSite(p *scenario.Parameters, rng *rand.Rand) *site {
	remote := func(network, host int, hops uint8) *wire.Host {
		return &wire.Host{MAC: wire.MAC(routerMAC), Addr: address(p, network, host), Hops: hops}
	}
	s := &site{realm: "asterisk", phones: map[string]*party{}}
	s.pbx = &party{make: device.PBX(), media: newPorts(pbxMedia, 2*maxCalls+100),
		sip: wire.Port{Host: &wire.Host{MAC: wire.MAC(pbxHost), Addr: address(p, lan, pbxHost)}, Number: sipPort}}
	s.carrier = &party{make: device.Carrier(), media: newPorts(carrierMedia, maxCalls+100),
		sip: wire.Port{Host: remote(trunkNet, carrierHost, carrierHops), Number: sipPort}}
	s.stranger = &party{make: device.Stranger(), media: newPorts(strangerMedia, maxCalls+100),
		sip: wire.Port{Host: remote(internet, strangerHost, strangerHops), Number: strangerPort}}
	for i := range p.Extensions {
		s.addPhone(p, i, rng)
	}
	return s
}

// addPhone alternates between two makes.
func (s *site) addPhone(p *scenario.Parameters, i int, rng *rand.Rand) {
	host := firstPhone + 1 + i
	ext := fmt.Sprint(100 + host)
	ph := &party{
		sip:   wire.Port{Host: &wire.Host{MAC: wire.MAC(uint8(host)), Addr: address(p, lan, host)}, Number: sipPort},
		make:  device.Kordia(),
		login: &device.Credentials{User: ext, Password: fmt.Sprintf("%016x", rng.Uint64())},
		media: newPorts(phoneMedia, maxCalls+100),
	}
	if i%3 == 1 {
		ph.make = device.Lumeo()
	}
	if p.Wire.Transport == "tcp" {
		ph.sip.Number = phoneTCPPort + uint16(rng.IntN(20000))
		ph.conn = &conn{ends: [2]wire.Port{ph.sip, s.pbx.sip}, seq: [2]uint32{rng.Uint32(), rng.Uint32()}}
	}
	s.phones[ext] = ph
	s.order = append(s.order, ext)
}

// ports hands out pairs of ports for RTP and RTCP, the longest unused first.
type ports struct {
	first uint16
	used  []bool
	next  int
}

func newPorts(first uint16, pairs int) ports { return ports{first: first, used: make([]bool, pairs)} }

// take returns an even port. There are more pairs than calls at a time.
func (p *ports) take() uint16 {
	for p.used[p.next] {
		p.next = (p.next + 1) % len(p.used)
	}
	i := p.next
	p.used[i] = true
	p.next = (p.next + 1) % len(p.used)
	return p.first + uint16(2*i)
}

func (p *ports) give(port uint16) { p.used[(port-p.first)/2] = false }
