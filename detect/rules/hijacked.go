package rules

import "fmt"

// hijacked: the call comes from a binding of its extension that is strange itself.
//
//   - Looks for: a call that leaves from the network where a strange registration of the extension (see registration) was last seen within 24 hours.
//   - Formula: six tenths of the registration's points, from 15 to 36, to classes with points; half of that to other places that are new; nothing elsewhere.
//   - Default: registrations from 20 points on, unless a person called them normal.
//   - Memory: that of registration.
//   - Misses: a thief who waits for three days, or calls from a network that the extension is known by.
func hijacked(in *Inputs, _ float64) float64 {
	if in.Hijack < 20 {
		return 0
	}
	points := min(max(0.6*in.Hijack, 15), 36)
	switch {
	case Risky(in.Class):
		return points
	case in.NewDestination && Watched(in.Class):
		return points / 2
	}
	return 0
}

func hijackedText(in *Inputs) string {
	return fmt.Sprintf("extension %s calls from a network where it registered for the first time", in.Extension)
}
