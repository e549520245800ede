package tap

import (
	"fmt"
	"net/netip"
)

// maxPairs bounds the pairs of addresses that are told apart; whoever comes later
// is not counted.
const maxPairs = 16_384

// pair is two addresses, the smaller one first.
type pair struct{ low, high netip.Addr }

// newPair says too which way a packet goes: 0 is from the smaller address.
func newPair(src, dst netip.Addr) (p pair, way int) {
	if src.Less(dst) {
		return pair{src, dst}, 0
	}
	return pair{dst, src}, 1
}

// ways counts packets of a pair, each way.
type ways [2]uint64

func (w ways) both() bool  { return w[0] > 0 && w[1] > 0 }
func (w ways) sum() uint64 { return w[0] + w[1] }

// pairs is who talks to whom.
type pairs struct{ seen map[pair]ways }

func newPairs() *pairs { return &pairs{map[pair]ways{}} }

func (t *pairs) observe(src, dst netip.Addr) { t.add(src, dst, 1) }

func (t *pairs) add(src, dst netip.Addr, packets uint64) {
	p, way := newPair(src, dst)
	w, known := t.seen[p]
	if !known && len(t.seen) >= maxPairs {
		return
	}
	w[way] += packets
	t.seen[p] = w
}

// count is how many pairs have at least so many packets, and how many of these
// are heard both ways.
func (t *pairs) count(least uint64) (all, both int) {
	for _, w := range t.seen {
		if w.sum() < least {
			continue
		}
		all++
		if w.both() {
			both++
		}
	}
	return all, both
}

// oneWay names the busiest pair of which one way alone is heard.
func (t *pairs) oneWay() string {
	var most pair
	var packets uint64
	for p, w := range t.seen {
		if n := w.sum(); !w.both() && (n > packets || n == packets && p.low.Less(most.low)) {
			most, packets = p, n
		}
	}
	if packets == 0 {
		return ""
	}
	if t.seen[most][0] == 0 {
		most.low, most.high = most.high, most.low
	}
	return fmt.Sprintf("%s to %s, nothing back", most.low, most.high)
}
