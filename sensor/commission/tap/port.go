package tap

import (
	"fmt"
	"maps"
	"slices"

	"tollwatch/sensor/capture"
)

// Port is an interface that is listened to.
type Port struct {
	Index  int // the kernel's
	Name   string
	Mirror bool // meant to show what passes between others
}

// port counts what came by one.
type port struct {
	Port
	frames, bytes, strangers uint64
	tags                     map[uint16]uint64 // frames by VLAN; maxTags at most
	removed                  bool
	card                     uint64 // frames that the card or its driver lost
}

// maxTags bounds the VLANs that are told apart.
const maxTags = 32

const identifier = 0x0fff // of a VLAN, in the tag's control information (IEEE 802.1Q §9.6)

func (p *port) observe(f *capture.Frame, strangers bool) {
	p.frames++
	p.bytes += uint64(max(f.WireLength, len(f.Data)))
	if strangers {
		p.strangers++
	}
	tag := f.VLAN & identifier
	if tag == 0 {
		return
	}
	if p.tags == nil {
		p.tags = map[uint16]uint64{}
	}
	if _, known := p.tags[tag]; known || len(p.tags) < maxTags {
		p.tags[tag]++
	}
}

// vlans names the tags of all ports, in their order.
func (o *Observer) vlans() (out []string) {
	all := map[uint16]bool{}
	for _, p := range o.ports {
		for tag := range p.tags {
			all[tag] = true
		}
	}
	for _, tag := range slices.Sorted(maps.Keys(all)) {
		out = append(out, fmt.Sprint(tag))
	}
	return out
}
