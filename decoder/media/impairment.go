package media

import "strings"

// impairment is what a codec costs (ITU-T G.113 Appendix I): Ie without loss,
// and Bpl, its robustness against random loss with its own concealment; a Bpl of
// 0 says that none is published.
type impairment struct {
	Ie, Bpl float64
	wide    bool // Ie,WB: on the scale of G.107.1
}

// impairments has the codecs whose figures are published. G.711 is taken with
// packet loss concealment (G.711 Appendix I), as telephones have it; without, its
// Bpl is 4.3.
var impairments = map[string]impairment{
	"PCMU": {Ie: 0, Bpl: 25.1}, "PCMA": {Ie: 0, Bpl: 25.1},
	"G729":    {Ie: 11, Bpl: 19},   // G.729A with VAD
	"G723":    {Ie: 15, Bpl: 16.1}, // G.723.1 at 6.3 kbit/s with VAD
	"GSM-EFR": {Ie: 5, Bpl: 10},

	"GSM":     {Ie: 20}, // full rate
	"GSM-HR":  {Ie: 23},
	"G728":    {Ie: 7}, // 16 kbit/s
	"G726-40": {Ie: 2}, "G726-32": {Ie: 7}, "G726-24": {Ie: 25}, "G726-16": {Ie: 50},
	"AAL2-G726-40": {Ie: 2}, "AAL2-G726-32": {Ie: 7}, "AAL2-G726-24": {Ie: 25}, "AAL2-G726-16": {Ie: 50},

	"G722": {Ie: 13, wide: true}, // 64 kbit/s, G.113 Appendix IV
}

func impairmentOf(codec string) (impairment, bool) {
	i, ok := impairments[strings.ToUpper(codec)]
	return i, ok
}
