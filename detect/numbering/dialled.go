package numbering

import "strings"

// maxDialled bounds what is looked at; the longest real number behind the
// longest prefixes has fewer digits.
const maxDialled = 40

// dialled is the user part of a Request-URI taken apart.
type dialled struct {
	digits  [maxDialled]byte // 0-9; where codes is set, * # + too
	n       int
	plus    bool
	outside string // one or two digits that stood before the +
	letters bool   // anything that is no digit, code or visual separator
	codes   bool   // * or #
	cut     bool   // there were more digits than are looked at

	context  [maxE164]byte // digits of ;phone-context=+…
	contextN int
}

func (d *dialled) number() []byte { return d.digits[:d.n] }

// parse reads user: RFC 3966 §3 numbers with visual separators and parameters,
// and whatever else is sent in their place.
func (d *dialled) parse(user, host string) {
	user, params, _ := strings.Cut(user, ";")
	if len(user) > 4 && strings.EqualFold(user[:4], "tel:") {
		user = user[4:]
	}
	for i := range len(user) {
		switch c := user[i]; {
		case isDigit(c), c == '*', c == '#', c == '+' && d.codes:
			d.codes = d.codes || !isDigit(c)
			if d.n == maxDialled {
				d.cut = true
				continue
			}
			d.digits[d.n] = c
			d.n++
		case c == '+':
			d.sign()
		case c == '-', c == '.', c == '(', c == ')', c == ' ', c == '/':
		case c == ',': // a pause: what follows is not dialled to the network
			return
		default:
			d.letters = true
		}
	}
	if d.plus && d.n > 0 && d.digits[0] == '0' { // no country code begins with 0
		d.plus = false
	}
	d.parseContext(params, host)
}

// sign is a + : a number begins, and up to four digits before it were a prefix.
func (d *dialled) sign() {
	if d.plus && d.n > 0 || d.n > 4 {
		d.letters = true
		return
	}
	if d.n == 1 || d.n == 2 {
		d.outside = digitString(d.number())
	}
	d.plus, d.n = true, 0
}

// parseContext finds a global phone-context, among the parameters or as host
// (RFC 3966 §5.1.5); a domain as context says nothing of the number.
func (d *dialled) parseContext(params, host string) {
	context := host
	for params != "" {
		var p string
		p, params, _ = strings.Cut(params, ";")
		if key, value, _ := strings.Cut(p, "="); strings.EqualFold(key, "phone-context") {
			context = value
			break
		}
	}
	if !strings.HasPrefix(context, "+") {
		return
	}
	for i := 1; i < len(context) && d.contextN < len(d.context); i++ {
		if isDigit(context[i]) {
			d.context[d.contextN] = context[i]
			d.contextN++
		}
	}
}

// pairs holds every string of two digits, every string of one in its second
// places: what is short enough is cut from here and costs no allocation.
const pairs = "0001020304050607080910111213141516171819" +
	"2021222324252627282930313233343536373839" +
	"4041424344454647484950515253545556575859" +
	"6061626364656667686970717273747576777879" +
	"8081828384858687888990919293949596979899"

// digitString is string(d) for one or two digits.
func digitString(d []byte) string {
	if len(d) == 1 {
		at := int(d[0]-'0')*2 + 1
		return pairs[at : at+1]
	}
	at := (int(d[0]-'0')*10 + int(d[1]-'0')) * 2
	return pairs[at : at+2]
}
