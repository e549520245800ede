package mask

import "fmt"

// Mode is what leaves the sensor of numbers, addresses and users.
type Mode uint8

// HideLast4 is what a sensor does that was told nothing.
const (
	HideLast4 Mode = iota + 1 // a public number less its last four digits, wherever it stands
	Full                      // everything as it is
	Hashed                    // a keyed hash: the same value has the same one, and nobody can undo it
	None                      // nothing; sentences without them
)

var modeNames = [...]string{"", "hide_last4", "full", "hashed", "none"}

func (m Mode) String() string {
	if int(m) >= len(modeNames) {
		return ""
	}
	return modeNames[m]
}

// Parse reads a mode as the configuration names it.
func Parse(s string) (Mode, error) {
	for i, name := range modeNames {
		if name == s && i > 0 {
			return Mode(i), nil
		}
	}
	return 0, fmt.Errorf("mask %q: not full, hide_last4, hashed or none", s)
}
