package detect

import "time"

// keys is what is known of the keys that were pressed in a call: their number
// and their rhythm, never which they were.
type keys struct {
	pressed int
	last    time.Time
	run     int                     // of the group being entered
	groups  int                     // that are whole
	lengths [longestGroup + 1]uint8 // of them, how many of each length
}

// A group of keys is what a PIN looks like.
const (
	shortestGroup = 3
	longestGroup  = 8
	groupGap      = 2500 * time.Millisecond // ends a group
	manyKeys      = 8                       // no choice of a menu has so many
)

// press notes a key; separator says that it was # or *. It says whether a group
// became whole.
func (k *keys) press(now time.Time, separator bool) bool {
	closed := (separator || now.Sub(k.last) > groupGap) && k.close()
	k.pressed++
	k.last = now
	if !separator {
		k.run++
	}
	return closed
}

// close ends the group that is being entered.
func (k *keys) close() bool {
	n := k.run
	k.run = 0
	if n < shortestGroup || n > longestGroup {
		return false
	}
	k.groups++
	k.lengths[n] += min(1, 255-k.lengths[n])
	return true
}

// alike is how many groups had the same length.
func (k *keys) alike() int {
	most := uint8(0)
	for _, n := range k.lengths {
		most = max(most, n)
	}
	return int(most)
}
