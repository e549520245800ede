package scenario

import "time"

// TrunkFormat is how numbers are written between PBX and trunk.
type TrunkFormat string

// The formats of a trunk.
const (
	E164            TrunkFormat = "e164"            // +33199001201
	International00 TrunkFormat = "international00" // 0033199001201
	National        TrunkFormat = "national"        // 0199001201, and 00 before other countries
)

// Parameters are everything that a scenario can say; [Keys] describes each.
type Parameters struct {
	Name       string
	Start      time.Time
	Length     time.Duration
	Timezone   string
	Extensions int
	Wire       Wire
	Office     Office
	Attacks    []Attack
}

// Wire is how the calls look in packets.
type Wire struct {
	View           string // full | trunk-only
	Transport      string // udp | tcp, of the phone legs
	IP             int    // 4 | 6
	Media          string // all | attack | none
	Loss           float64
	Duplicate      float64
	Reorder        float64
	Retransmit     float64
	OutsidePrefix  string
	TrunkFormat    string
	RegisterEvery  time.Duration
	KeepaliveEvery time.Duration
	Nanoseconds    bool
}

// Office is the honest traffic of a site.
type Office struct {
	Outbound, Inbound, Internal float64 // calls of a working day
	Opens, Closes               time.Duration
	Weekend, Night              float64
	DaySpread                   float64
	Answer                      float64
	TalkMedian                  time.Duration
	TalkSigma                   float64
	TalkMost                    time.Duration
	International               float64
	NewCountry                  float64
	Contacts, ContactsAbroad    int
	Voicemail                   float64
	Digits                      float64
}

// Attack is a burst of calls from a stolen extension.
type Attack struct {
	Label          string
	After          time.Duration // from the scenario's start
	Length         time.Duration
	CallsPerMinute float64
	Unevenness     float64
	TalkLeast      time.Duration
	TalkMost       time.Duration
	Answer         float64
	Extension      string // empty = drawn
	From           string // phone | internet
	Destinations   []string
	Numbers        int
}
