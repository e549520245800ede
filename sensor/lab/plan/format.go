package plan

import "strings"

// TrunkFormat is how numbers are written between PBX and trunk.
type TrunkFormat string

// The formats of a trunk.
const (
	E164            TrunkFormat = "e164"            // +33199001201
	International00 TrunkFormat = "international00" // 0033199001201
	National        TrunkFormat = "national"        // 0199001201, and 00 before other countries
)

// Written is an E.164 number as a trunk or a French telephone writes it.
func Written(number string, f TrunkFormat) string {
	switch national, home := strings.CutPrefix(number, HomePrefix); {
	case f == E164:
		return number
	case f == National && home:
		return "0" + national
	}
	return "00" + number[1:]
}
