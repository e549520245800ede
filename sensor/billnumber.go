package sensor

import (
	"strings"
	"unicode/utf8"

	"tollwatch/detect/numbering"
)

// compared is a number as bills and calls are compared by it: E.164, or of a
// short code its digits; empty where it is none. Of a masked one it is but the
// beginning.
type compared struct {
	numbering.Number
	number string
	masked bool
}

// masks are what operators write in place of digits that they hide.
const masks = "xX*#?…_"

// comparable reads a number of a bill or of a call, also one of which the end is
// hidden (0022790xxx, +4930***) or was cut off.
func comparable(p *numbering.Plan, written string) compared {
	beginning := strings.TrimRight(written, masks)
	n := compared{Number: p.Resolve(beginning, "")}
	hidden := utf8.RuneCountInString(written) - utf8.RuneCountInString(beginning)
	switch {
	case hidden == 0 && n.E164 != "":
		n.number = n.E164
		return n
	case hidden == 0 && n.Class != numbering.Unparsed:
		n.number = digits(strings.TrimPrefix(beginning, n.Outside))
		return n
	case hidden == 0 && n.Prefix == "":
		n.number = digits(beginning)
		return n
	}
	n.masked = true
	return complete(p, n, beginning, hidden)
}

// complete finds out how many digits are missing: the plan knows how long numbers
// are. As many as are hidden are tried first.
func complete(p *numbering.Plan, n compared, beginning string, hidden int) compared {
	const longest = 12
	for tried := range longest + 1 {
		zeros := tried
		if tried == 0 {
			zeros = hidden
		}
		if zeros == 0 || zeros > longest {
			continue
		}
		whole := p.Resolve(beginning+strings.Repeat("0", zeros), "")
		if len(whole.E164) > zeros+1 {
			n.Number, n.number = whole, whole.E164[:len(whole.E164)-zeros]
			return n
		}
	}
	if n.Class != numbering.Emergency { // so short a beginning says nothing, not even that it is internal
		n.Class = numbering.Unparsed
	}
	return n
}

// digits is a text of digits alone, else empty.
func digits(s string) string {
	if strings.Trim(s, "0123456789") != "" {
		return ""
	}
	return s
}
