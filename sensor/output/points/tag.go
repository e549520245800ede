package points

import (
	"fmt"
	"slices"

	"tollwatch/decoder/call"
	"tollwatch/detect"
	"tollwatch/detect/numbering"
	"tollwatch/detect/rules"
)

// Other stands for what is none of a tag's values.
const Other = "other"

// words are all that an enumeration prints, from its first value on.
func words[E interface {
	~uint8
	fmt.Stringer
}]() (all []string) {
	for i := 1; E(i).String() != ""; i++ {
		all = append(all, E(i).String())
	}
	return all
}

// The sets that tags take their values from.
var (
	classes    = words[numbering.Class]()
	directions = words[detect.Direction]()
	states     = words[call.State]()
	changes    = words[call.BindingChange]()
	levels     = words[detect.Level]()
	schemes    = words[detect.Scheme]()
	ruleIDs    = allRules()
)

func allRules() (ids []string) {
	for _, r := range rules.List() {
		ids = append(ids, r.ID)
	}
	for _, r := range rules.SignList() {
		ids = append(ids, r.ID)
	}
	return ids
}

// set is a tag of a closed set.
func set[P any](key, text string, values []string, get func(*P) string) tag[P] {
	return tag[P]{Tag{key, text, values}, func(p *P) string {
		v := get(p)
		if v == "" || slices.Contains(values, v) {
			return v
		}
		return Other
	}}
}

// trunk is the name of a trunk: of at most sixteen, configured or learned, and no
// text of a message.
func trunk[P any](text string, get func(*P) string) tag[P] {
	return tag[P]{Tag{"trunk", text, nil}, get}
}

// country is a code of the table of destinations.
func country(code string) string {
	switch {
	case code == "" || code == "001": // UN M.49: the world, of numbers that no country owns
		return code
	case len(code) == 2 && code[0] >= 'A' && code[0] <= 'Z' && code[1] >= 'A' && code[1] <= 'Z':
		return code
	}
	return Other
}
