package points

import "tollwatch/sensor/output/mask"

// Identity is what the points of a sensor have in common. The texts are tags of each;
// empty ones are left out.
type Identity struct {
	Site, Customer, Sensor, View string

	Primary bool // of several sensors at one site, the one whose money counts

	Mask mask.Mode // of numbers, addresses and users; 0: mask.HideLast4
	Key  []byte    // of hashes, mask.KeyBytes or more; sensors of one site share it
}
