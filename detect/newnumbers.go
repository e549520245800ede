package detect

import "time"

// newNumbers are the different numbers at new destinations that were reached in
// the last 24 hours, hashed; the oldest give way.
type newNumbers struct {
	hash [256]uint64
	at   [256]int64 // Unix nanoseconds
	next int
}

// observe notes a number, and counts.
func (n *newNumbers) observe(now time.Time, hash uint64) int {
	for i := range n.hash {
		if n.hash[i] == hash && n.at[i] != 0 {
			n.at[i] = now.UnixNano()
			return n.count(now)
		}
	}
	n.hash[n.next], n.at[n.next] = hash, now.UnixNano()
	n.next = (n.next + 1) % len(n.hash)
	return n.count(now)
}

// count is how many numbers there are; 256 at most.
func (n *newNumbers) count(now time.Time) (count int) {
	since := now.Add(-24 * time.Hour).UnixNano()
	for _, at := range n.at {
		if at > since {
			count++
		}
	}
	return count
}
