package numbering

import (
	"fmt"
	"strings"
)

// home is how people of one country dial. Facts of the national numbering
// plans (regulators' publications and ITU-T E.164 supplements; lengths and
// emergency numbers as libphonenumber 9 states them).
type home struct {
	iso           string
	code          string   // country code
	international []string // prefixes dialled before a country code
	national      []string // prefixes dialled before a national number; none where there is none
	own           leads    // national numbers, by length and first digit
	local         bool     // numbers may be dialled without their area code
	outside       string   // the outside-line digit that PBXs there use as a rule
	emergency     []string // 112, which holds everywhere, first
	short         []series // short codes longer than their row in the table
	overseas      []region // national numbers under a country code of their own
	hide          []string // dialled before a number to hide one's own
}

// series is a set of short codes of one length.
type series struct {
	prefix string
	length int
}

// region is where national numbers that begin with prefix belong.
type region struct{ prefix, code string }

// leads tells, for each length, the digits that national numbers begin with.
type leads [maxE164 + 1]uint16

func (l *leads) allows(d []byte) bool {
	return len(d) > 0 && len(d) <= maxE164 && l[len(d)]>>(d[0]-'0')&1 == 1
}

// homes is one line a country: ISO code, country code, international prefixes,
// national prefixes, numbers (length or lengths : first digits), "local" where
// the area code may be left out, the usual outside-line digit, emergency
// numbers beside 112. A dash is none.
const homes = `
AT 43  00 0 4:1/5:15/6:134567/7-13:1-9 local 0 122,133,144
BE 32  00 0 8:1-9/9:4 - 0 100,101
BG 359 00 0 6:2/7-8:2-9/9:89 local 0 150,160,166
CA 1   011 1 10:2-9 - 9 911
CH 41  00 0 9:2-9/12:8 - 0 117,118,144
CY 357 00 - 8:25789 - 0 199
CZ 420 00 - 9:2-9 - 0 150,155,156,158
DE 49  00 0 4:1/5:13468/6-13:1-9 local 0 110
DK 45  00 - 8:2-9 - 0 114
EE 372 00 - 7:3-9/8:4578/10:8 - 0 110
ES 34  00 - 9:5-9 - 0 080,085,088
FI 358 00,990,991,994,996,999 0 5:1235689/6-9:1-9/10:1-7/11-12:7 local 0 -
FR 33  00 0 9:1-9/13:7 - 0 -
GB 44  00 0 7:8/9:18/10:1235789 local 9 999
GR 30  00 - 10:26789/11-12:8 - 0 100,166,199
HR 385 00 0 7:68/8:1-9/9:234589 local 0 192,193,194
HU 36  00 06 8:1-9/9:23567 local 0 104,105,107
IE 353 00 0 7:24569/8:124569/9:1-9/10:148 local 9 999
IS 354 00 - 7:4-9/9:3 - 0 -
IT 39  00 - 6:08/7:0/8:08/9:0138/10:0134578/11-12:0 - 0 113,115,118
LI 423 00 - 7:23789/9:68 - 0 117,118,144
LT 370 00 0,8 8:3-9 - 0 -
LU 352 00 - 6-9:2-9 - 0 113
LV 371 00 - 8:26789 - 0 110,113
MC 377 00 - 8:3489/9:67 - 0 15,17,18
MT 356 00 - 8:235789 - 0 -
NL 31  00 0 7-8:89/9:1-9/10:89/11:9 local 0 -
NO 47  00 - 5:0/8:2-9 - 0 110,113
PL 48  00 - 9:1-9 - 0 997,998,999
PT 351 00 - 9:1236789 - 0 115
RO 40  00 0 6:23/9:236789 - 0 -
SE 46  00 0 6:2/7:1234689/8:1234589/9:1-9/10:9 local 0 -
SI 386 00 0 5:8/6-7:89/8:1-9 local 0 113
SK 421 00 0 6:2-5/7:23459/9:235689 - 0 150,155,158
US 1   011 1 10:2-9 - 9 911`

// newHome finds a country's line. The error lists the countries there are.
func newHome(country string) (*home, error) {
	var known []string
	for line := range strings.Lines(homes) {
		f := strings.Fields(line)
		if len(f) == 0 {
			continue
		}
		known = append(known, f[0])
		if f[0] != country {
			continue
		}
		h := &home{iso: f[0], code: f[1], international: list(f[2]), national: list(f[3]), local: f[5] == "local",
			outside: f[6], emergency: append([]string{"112"}, list(f[7])...)}
		if err := h.own.parse(f[4]); err != nil {
			return nil, fmt.Errorf("read the numbering plan of %s: %w", country, err)
		}
		h.special()
		return h, nil
	}
	return nil, fmt.Errorf("country %q has no numbering plan here; known are %s", country, strings.Join(known, " "))
}

func list(field string) []string {
	if field == "-" {
		return nil
	}
	return strings.Split(field, ",")
}

// special adds what only a few countries have.
func (h *home) special() {
	switch h.iso {
	case "FR":
		h.short = []series{{"10", 4}, {"116", 6}, {"118", 6}, {"3", 4}}
		h.overseas = []region{
			{"63998", "33"}, // kept for fiction, amid Mayotte's
			{"262", "262"}, {"263", "262"}, {"269", "262"}, {"639", "262"}, {"692", "262"}, {"693", "262"},
			{"508", "508"}, {"590", "590"}, {"690", "590"}, {"691", "590"}, {"594", "594"}, {"694", "594"},
			{"596", "596"}, {"696", "596"}, {"697", "596"}}
		h.hide = []string{"3651"}
	case "GB":
		h.hide = []string{"141", "1470"}
	}
}

// parse reads "9:1-9/13:7": lengths, and first digits.
func (l *leads) parse(s string) error {
	for part := range strings.SplitSeq(s, "/") {
		lengths, digits, _ := strings.Cut(part, ":")
		fits, err := parseLengths(lengths)
		if err != nil {
			return err
		}
		from, to, isRange := strings.Cut(digits, "-")
		if isRange {
			const all = "0123456789"
			digits = all[from[0]-'0' : to[0]-'0'+1]
		}
		bits := uint16(0)
		for _, c := range digits {
			bits |= 1 << (c - '0')
		}
		for n := range l {
			if fits>>n&1 == 1 {
				l[n] |= bits
			}
		}
	}
	return nil
}
