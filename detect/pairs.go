package detect

import (
	"math/bits"
	"net/netip"

	"tollwatch/detect/window"
)

// maxPairs bounds the pairs of addresses whose traffic is compared.
const maxPairs = 64

// pairs learns who is PBX and who is trunk where only one leg of each call is
// seen: the PBX is the one that sends many different numbers to one peer.
type pairs struct{ table *window.LRU[pair, evidence] }

// pair is two addresses, the smaller first.
type pair struct{ low, high netip.Addr }

// evidence is, for each way, a set of the numbers called, hashed to 64.
type evidence struct{ up, down uint64 }

// A way is the PBX's when it carried manyNumbers different numbers and
// lopsided times as many as the other way.
const (
	manyNumbers = 8
	lopsided    = 3
)

func newPairs() pairs { return pairs{window.NewLRU[pair, evidence](maxPairs)} }

// observe notes a call of one leg to a number of the public network, and says
// whether src is a PBX and dst its trunk. A call abroad says so at once:
// nobody's trunk sends it foreign numbers. So does a private address that
// calls a public one.
func (p *pairs) observe(src, dst netip.Addr, hash uint64, abroad bool) bool {
	if abroad || local(src) && !local(dst) {
		return true
	}
	if local(dst) && !local(src) {
		return false
	}
	key, forward := pair{src, dst}, true
	if dst.Less(src) {
		key, forward = pair{dst, src}, false
	}
	e := put(p.table, key)
	mine, theirs := &e.up, &e.down
	if !forward {
		mine, theirs = theirs, mine
	}
	*mine |= 1 << (hash % 64)
	sent, received := bits.OnesCount64(*mine), bits.OnesCount64(*theirs)
	return sent >= manyNumbers && sent >= lopsided*received
}
