package detect

import "tollwatch/detect/numbering"

// Direction is which way a call goes, seen from the site.
type Direction uint8

// The directions of docs/json.md.
const (
	Outbound Direction = iota + 1
	Inbound
	Internal
	DirectionUnknown
)

var directionNames = [...]string{"", "outbound", "inbound", "internal", "unknown"}

func (d Direction) String() string { return name(directionNames[:], uint8(d)) }

// Level is how urgent an incident is. Major and Critical page somebody.
type Level uint8

// The levels of docs/json.md, in rising order.
const (
	Notice Level = iota + 1
	Watch
	Major
	Critical
)

var levelNames = [...]string{"", "notice", "watch", "major", "critical"}

func (l Level) String() string { return name(levelNames[:], uint8(l)) }

// Pages says that the level wakes somebody.
func (l Level) Pages() bool { return l >= Major }

// The scores at which the levels begin.
const (
	noticeScore   = 45
	watchScore    = 55
	majorScore    = 65
	criticalScore = 80
)

// levelOf is 0 below a notice.
func levelOf(score float64) Level {
	switch {
	case score >= criticalScore:
		return Critical
	case score >= majorScore:
		return Major
	case score >= watchScore:
		return Watch
	case score >= noticeScore:
		return Notice
	}
	return 0
}

// Scheme is the kind of fraud or fault an incident is about.
type Scheme uint8

// The schemes of docs/json.md.
const (
	TollFraud Scheme = iota + 1
	Probing
	Scan
	Enumeration
	BruteForce
	AccountTakeover
	Voicemail
	Forwarding
	Transfer
	Wangiri
	SpendCap
	TrunkTrouble
	OpenRelay
	Flood
	SensorTrouble
)

var schemeNames = [...]string{"", "toll_fraud", "probing", "scan", "enumeration", "brute_force", "account_takeover",
	"voicemail", "forwarding", "transfer", "wangiri", "spend_cap", "trunk", "open_relay", "flood", "sensor"}

func (s Scheme) String() string { return name(schemeNames[:], uint8(s)) }

// Change is what happened to an incident.
type Change uint8

// The changes of docs/json.md. Acknowledged is a person's doing; Reopened is what
// goes beyond that, and strangers who come back on the same day.
const (
	Opened Change = iota + 1
	Raised
	Updated
	Acknowledged
	Reopened
	Closed
)

var changeNames = [...]string{"", "opened", "raised", "updated", "acknowledged", "reopened", "closed"}

func (c Change) String() string { return name(changeNames[:], uint8(c)) }

// Visibility is what the tap showed of an incident's calls.
type Visibility uint8

// Full: the telephones' own legs were seen, so that the extension is named.
const (
	Full Visibility = iota + 1
	TrunkOnly
	OneWay
	MediaOnly
)

var visibilityNames = [...]string{"", "full", "trunk_only", "one_way", "media_only"}

func (v Visibility) String() string { return name(visibilityNames[:], uint8(v)) }

// Tariff is where prices came from.
type Tariff = numbering.Tariff

// The tariffs of docs/json.md.
const (
	Estimate = numbering.Estimate
	Customer = numbering.Customer
	Bills    = numbering.Bills
)

func name(names []string, i uint8) string {
	if int(i) >= len(names) {
		return ""
	}
	return names[i]
}
