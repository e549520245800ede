package rules

import "fmt"

// mediaOddity: nobody seems to talk on the calls before this one.
//
//   - Looks for: answered calls on which one side or both sent no media, as where minutes are made and nobody listens; calls answered faster than a person takes up, as where they end in a machine of the thief's partner.
//   - Formula: 10 when 3 of the last 5 answered calls of ten seconds or more to this country and class, or to new destinations, had media one way or none; 5 when 4 of the last 5 answered ones were answered within two seconds. For watched classes only.
//   - Default: media count after 50 answered calls, halved each week, of a site where fewer than one in twenty has them one way: elsewhere the tap sees one side.
//   - Memory: 16 bits for each of at most 300 groups, two counts.
//   - Misses: thieves who play a sound. It explains more than it decides, and pages nobody alone. Payload types, packet times and the content of the sound are not looked at.
func mediaOddity(in *Inputs, _ float64) float64 {
	if !Watched(in.Class) {
		return 0
	}
	points := 0.0
	if in.muted() {
		points += 10
	}
	if in.answeredFast() {
		points += 5
	}
	return points
}

func (in *Inputs) muted() bool        { return in.MuteOfLast5 >= 3 }
func (in *Inputs) answeredFast() bool { return in.QuickOfLast5 >= 4 }

func mediaOddityText(in *Inputs) string {
	where := place(in)
	if in.NewDestination {
		where = "new destinations"
	}
	switch {
	case in.muted() && in.answeredFast():
		return fmt.Sprintf("of the last 5 answered calls to %s, %d were answered within two seconds, and %d had sound one way or none", where, in.QuickOfLast5, in.MuteOfLast5)
	case in.muted():
		return fmt.Sprintf("%d of the last 5 answered calls to %s had sound one way or none", in.MuteOfLast5, where)
	}
	return fmt.Sprintf("%d of the last 5 answered calls to %s were answered within two seconds", in.QuickOfLast5, where)
}
