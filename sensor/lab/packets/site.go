package packets

import (
	"fmt"
	"math/rand/v2"
	"net/netip"

	"tollwatch/sensor/lab/device"
	"tollwatch/sensor/lab/plan"
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

	domain string // of a trunk that shares its address
}

// host is its address as it stands in a URI.
func (p *party) host() string {
	if p.domain != "" {
		return p.domain
	}
	if p.sip.Addr.Is6() {
		return "[" + p.sip.Addr.String() + "]"
	}
	return p.sip.Addr.String()
}

func (p *party) hostPort() string { return p.sip.AddrPort().String() }

// contact is where it is reached (RFC 3261 §20.10), without brackets.
func (p *party) contact(user string) string {
	uri := "sip:" + device.User(user) + "@" + p.hostPort()
	if p.conn != nil {
		uri += ";transport=" + p.conn.transport()
	}
	return uri
}

// site is all that can be seen at the customer's.
type site struct {
	pbx, stranger *party
	carriers      []*party
	strangers     map[netip.Addr]*party // other ones than the usual
	phones        map[string]*party
	order         []string // of the extensions
	realm         string
}

const (
	pbxHost       = 5
	carrierHost   = 5
	boxHost       = 250
	strangerHost  = 77
	firstPhone    = 100 // telephone 201 is 192.168.10.101
	routerMAC     = 1
	carrierHops   = 6
	strangerHops  = 11
	sipPort       = 5060
	tlsPort       = 5061
	strangerPort  = 5071
	phoneTCPPort  = 40000
	pbxMedia      = 10000
	phoneMedia    = 16384
	carrierMedia  = 30000
	strangerMedia = 40000
)

// The networks: RFC 1918, RFC 5737 and RFC 3849.
var (
	networks4 = [...]string{"192.168.10.", "203.0.113.", "198.51.100.", "192.168.20."}
	networks6 = [...]string{"2001:db8:10::", "2001:db8:113::", "2001:db8:100::", "2001:db8:20::"}
)

const (
	lan = iota
	trunkNet
	internet
	newLAN // behind a migration
)

func address(p *scenario.Parameters, network, host int) netip.Addr {
	if p.Wire.IP == 6 {
		return netip.MustParseAddr(fmt.Sprintf("%s%x", networks6[network], host))
	}
	return netip.MustParseAddr(fmt.Sprintf("%s%d", networks4[network], host))
}

// newSite makes the machines of a site in one of the local networks.
func newSite(p *scenario.Parameters, rng *rand.Rand, seed uint64, network int) *site {
	remote := func(network, host int, hops uint8) *wire.Host {
		return &wire.Host{MAC: wire.MAC(routerMAC), Addr: address(p, network, host), Hops: hops}
	}
	s := &site{realm: "asterisk", phones: map[string]*party{}, strangers: map[netip.Addr]*party{}}
	pbxMake, carrierMake, phoneMakes := makes(p, seed)
	s.pbx = &party{make: pbxMake, media: newPorts(pbxMedia, 2*maxCalls+100),
		sip: wire.Port{Host: &wire.Host{MAC: wire.MAC(pbxHost), Addr: address(p, network, pbxHost)}, Number: sipPort}}
	for i := range 2 {
		s.carriers = append(s.carriers, &party{make: carrierMake, media: newPorts(carrierMedia, maxCalls+100),
			sip: wire.Port{Host: operator(p, i), Number: sipPort}, domain: (&plan.Site{Shared: p.Wire.TrunkAddress == "shared"}).Domain(i)})
	}
	s.stranger = &party{make: device.Stranger(), media: newPorts(strangerMedia, maxCalls+100),
		sip: wire.Port{Host: remote(internet, strangerHost, strangerHops), Number: strangerPort}}
	if p.Wire.Transport == "tls" {
		for _, m := range append(s.carriers, s.stranger) {
			s.connect(m, true, rng)
		}
	}
	for i := range p.Extensions {
		s.addPhone(p, i, rng, network, phoneMakes)
	}
	return s
}

// strangerAt is the party at an address of the Internet that calls, and keeps
// its ports from call to call.
func (s *site) strangerAt(a netip.Addr) *party {
	p := s.strangers[a]
	if p != nil {
		return p
	}
	if len(s.strangers) >= maxStrangers {
		clear(s.strangers) // calls that run know theirs
	}
	p = s.passerBy(a)
	p.media = newPorts(strangerMedia, maxCalls+100)
	s.strangers[a] = p
	return p
}

// maxStrangers bounds the memory of those who call.
const maxStrangers = 512

// passerBy is the party at an address of the Internet that sends one request.
func (s *site) passerBy(a netip.Addr) *party {
	return &party{make: device.Stranger(), sip: wire.Port{Host: &wire.Host{MAC: wire.MAC(routerMAC), Addr: s.reach(a), Hops: strangerHops}, Number: strangerPort}}
}

// outside is a stranger who writes the party's address on what he sends.
func (p *party) outside() *party {
	forger := *p
	forger.sip.Host = &wire.Host{MAC: wire.MAC(routerMAC), Addr: p.sip.Addr, Hops: strangerHops}
	forger.conn = nil
	return &forger
}

// reach is an address of the Internet in the version of IP that the site
// speaks: those of the plan are of version 4. Another network is another /64.
func (s *site) reach(a netip.Addr) netip.Addr {
	if !s.pbx.sip.Addr.Is6() || !a.Is4() {
		return a
	}
	b, four := netip.MustParseAddr(networks6[internet]).As16(), a.As4()
	b[6], b[7], b[14], b[15] = four[1], four[2], four[0], four[3]
	return netip.AddrFrom16(b)
}

// makes are those of the PBX, the operator and the telephones: the usual ones,
// or those that the seed draws.
func makes(p *scenario.Parameters, seed uint64) (pbx, carrier *device.Make, phones []*device.Make) {
	if p.Wire.Makes != "drawn" {
		return device.PBX(), device.Carrier(), []*device.Make{device.Kordia(), device.Lumeo()}
	}
	pbxs, carriers, all := device.PBXs(), device.Carriers(), device.Phones()
	n := int(blend(seed, 11) % uint64(len(all)))
	return pbxs[blend(seed, 12)%uint64(len(pbxs))], carriers[blend(seed, 13)%uint64(len(carriers))], []*device.Make{all[n], all[(n+1)%len(all)]}
}

// operator is the border controller of the i-th trunk: at the operator's, or a
// box of it in the local network; one or two addresses.
func operator(p *scenario.Parameters, i int) *wire.Host {
	if p.Wire.TrunkAddress == "shared" {
		i = 0
	}
	if p.Wire.TrunkAddress == "private" {
		return &wire.Host{MAC: wire.MAC(boxHost + uint8(i)), Addr: address(p, lan, boxHost+i)}
	}
	return &wire.Host{MAC: wire.MAC(routerMAC), Addr: address(p, trunkNet, carrierHost+i), Hops: carrierHops}
}

// addPhone gives one in three the second make.
func (s *site) addPhone(p *scenario.Parameters, i int, rng *rand.Rand, network int, makes []*device.Make) {
	host := firstPhone + 1 + i
	ext := fmt.Sprint(100 + host)
	ph := &party{
		sip:   wire.Port{Host: &wire.Host{MAC: wire.MAC(uint8(host)), Addr: address(p, network, host)}, Number: sipPort},
		make:  makes[0],
		login: &device.Credentials{User: ext, Password: fmt.Sprintf("%016x", rng.Uint64())},
		media: newPorts(phoneMedia, maxCalls+100),
	}
	if i%3 == 1 {
		ph.make = makes[1]
	}
	if p.Wire.Transport != "udp" {
		s.connect(ph, p.Wire.Transport == "tls", rng)
	}
	s.phones[ext] = ph
	s.order = append(s.order, ext)
}

// connect has a machine speak TCP with the PBX.
func (s *site) connect(p *party, tls bool, rng *rand.Rand) {
	p.sip.Number = phoneTCPPort + uint16(rng.IntN(20000))
	pbx := s.pbx.sip
	if tls {
		pbx.Number = tlsPort
	}
	p.conn = &conn{ends: [2]wire.Port{p.sip, pbx}, seq: [2]uint32{rng.Uint32(), rng.Uint32()}, tls: tls, secret: rng.Uint64()}
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
