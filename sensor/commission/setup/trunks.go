package setup

import (
	"net/netip"
	"slices"

	"tollwatch/sensor/commission"
	"tollwatch/sensor/config"
)

// trunks tells of lines to operators by which no call will be known, and of
// addresses that are given twice.
func trunks(e *config.Examined) (s commission.Sheet) {
	fail := func(name, found, advice string) {
		s = append(s, commission.Check{Name: "trunk", Subject: name, Result: commission.Fail, Found: found, Advice: advice})
	}
	for _, t := range e.Config.Trunks {
		if len(t.Addresses)+len(t.Domains)+len(t.Users) == 0 {
			fail(t.Name, "has neither addresses, domains nor users: no call would be known by it", "give one of them, or take the trunk out: it is learned then")
		}
		i := slices.IndexFunc(t.Addresses, func(a netip.Addr) bool { return slices.Contains(e.Config.Site.PBX, a) })
		if i >= 0 {
			fail(t.Name, t.Addresses[i].String()+" is an address of the PBX too (site.pbx)", "take it out of one of them")
		}
	}
	return s
}
