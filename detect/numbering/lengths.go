package numbering

import (
	"fmt"
	"strconv"
	"strings"
)

// maxE164 is the most digits a number has (ITU-T E.164 §6.2.1), and minE164
// the fewest that any country uses (Tokelau: 690 and four digits).
const (
	maxE164 = 15
	minE164 = 7
)

// significant lists how many digits follow each country code. Numbers of
// another length are rare enough that the length tells +61 2345678 (no number)
// from 0 0612345678 (a French mobile behind an outside-line prefix). Facts of
// the national plans as libphonenumber 9 states them for fixed, mobile, premium
// and internet numbers, the rarest lengths left out; France's 14-digit machine
// numbers added.
const significant = `
1:10 7:10 20:8-10 27:9 30:10 31:7-11 32:8-9 33:9,13 34:9 36:8-9 39:6-12 40:6,9 41:9 43:4-13
44:7,9-10 45:8 46:6-10 47:5,8 48:9 49:5-13 51:8-9 52:10 53:8 54:10-11 55:9-11 56:9 57:8,10-11
58:10 60:8-10 61:9-10 62:7-12 63:6,8-10 64:7-10 65:8,11 66:8-10 81:9-10 82:5-6,8-10 84:8-10 86:7-11
90:10 91:10,13 92:8-10 93:9 94:9 95:6-10 98:6-7,10 211:9 212:9 213:8-9 216:8 218:9 220:7 221:9 222:8
223:8 224:8-9 225:10 226:8 227:8 228:8 229:8,10 230:7-8 231:7-9 232:8 233:9 234:10 235:8 236:8 237:9
238:7 239:7 240:9 241:7-8 242:9 243:7-10 244:9 245:7,9 246:7 247:5 248:7 249:9 250:8-9 251:9 252:6-9
253:8 254:7-9 255:9 256:9 257:8 258:8-9 260:9 261:9 262:9 263:5-10 264:8-9 265:7,9 266:8 267:7-8
268:8-9 269:7 290:4-5 291:7 297:7 298:6 299:6 350:8 351:9 352:4-11 353:7-10 354:7,9 355:6,8-9 356:8
357:8 358:5-10 359:6-9 370:8 371:8 372:7-8 373:8 374:8 375:9-10 376:6,9 377:8-9 378:8,10 380:9-10
381:6-12 382:8 383:8-12 385:7-9 386:5-8 387:8-9 389:8 420:9 421:6-7,9 423:7,9 500:5 501:7 502:8,11
503:7-8,11 504:8 505:8 506:8,10 507:7-8 508:6,9 509:8 590:9 591:8 592:7 593:8-9 594:9 595:7-9 596:9
597:6-7 598:7-8 599:7-8 670:7-8 672:6 673:7 674:7 675:7-8 676:5,7 677:5,7 678:5,7 679:7 680:7 681:6
682:5 683:4,7 685:5-7,10 686:5,8 687:6 688:5-7 689:8 690:4-7 691:7 692:7 800:8 808:8 850:8,10
852:5-8,11 853:8 855:8-10 856:8-10 870:9,12 878:12 880:6-10 881:9-10 882:7-12 883:8-12 886:7-11
888:11 960:7,10 961:7-8 962:8-9 963:8-9 964:8-10 965:8 966:9 967:7-9 968:8 970:8-9 971:8-9 972:8-12
973:8 974:8 975:7-8 976:8-10 977:8,10 979:9 992:9 993:8 994:9 995:9 996:9 998:9`

// leadingZero lists the country codes behind which a number may begin with 0.
const leadingZero = "39 47 225 229 241 242 250 267 268 378 501 676 687 800 853 881 888 974 992"

// lengths knows the country codes: how long each is, and how long the numbers
// behind it are.
type lengths struct {
	codes [1000]codeLength // by the first three digits of a number
}

type codeLength struct {
	code uint8  // digits of the country code; 0 = no such code
	zero bool   // a number may begin with 0
	fits uint16 // bit n: numbers of n digits behind the code exist
}

func newLengths() (*lengths, error) {
	l := &lengths{}
	zero := strings.Fields(leadingZero)
	for _, field := range strings.Fields(significant) {
		code, ranges, _ := strings.Cut(field, ":")
		fits, err := parseLengths(ranges)
		if err != nil {
			return nil, fmt.Errorf("read the lengths of country code %s: %w", code, err)
		}
		c := codeLength{code: uint8(len(code)), fits: fits}
		for _, z := range zero {
			c.zero = c.zero || z == code
		}
		l.add(code, c)
	}
	return l, nil
}

// add enters c for every three digits that begin with code.
func (l *lengths) add(code string, c codeLength) {
	first, span := 0, 1
	for i := range 3 {
		first *= 10
		if i < len(code) {
			first += int(code[i] - '0')
			continue
		}
		span *= 10
	}
	for i := first; i < first+span; i++ {
		l.codes[i] = c
	}
}

// of returns what is known of the number's country code.
func (l *lengths) of(digits []byte) codeLength {
	if len(digits) < 3 {
		return codeLength{}
	}
	return l.codes[int(digits[0]-'0')*100+int(digits[1]-'0')*10+int(digits[2]-'0')]
}

// allows says that numbers of n digits exist behind the country code.
func (c codeLength) allows(n int) bool { return n >= 0 && n <= maxE164 && c.fits>>n&1 == 1 }

// parseLengths reads "7,9-10" into bits.
func parseLengths(s string) (uint16, error) {
	var bits uint16
	for part := range strings.SplitSeq(s, ",") {
		from, to, isRange := strings.Cut(part, "-")
		if !isRange {
			to = from
		}
		low, err := strconv.Atoi(from)
		if err != nil {
			return 0, err
		}
		high, err := strconv.Atoi(to)
		if err != nil {
			return 0, err
		}
		if low < 1 || high > maxE164 {
			return 0, fmt.Errorf("length %q outside 1 to %d", part, maxE164)
		}
		for n := low; n <= high; n++ {
			bits |= 1 << n
		}
	}
	return bits, nil
}
