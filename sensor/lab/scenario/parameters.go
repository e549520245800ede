package scenario

import (
	"time"

	"tollwatch/sensor/lab/attack"
	"tollwatch/sensor/lab/honest"
)

// Parameters are everything that a scenario can say; [Keys] describes each.
type Parameters struct {
	Name       string
	Start      time.Time
	Length     time.Duration
	Timezone   string
	Extensions int
	Vary       float64
	Repeat     int // of what happens at the site
	Wire       Wire
	Honest     honest.Traffic
	Attacks    []attack.Attack
}

// Stealable is how many extensions, the first ones, may be those of a case:
// who steals one needs a password.
func (p *Parameters) Stealable() int {
	return max(p.Extensions-p.Honest.AnalogueOf(p.Extensions), 2)
}

// Wire is how the calls look in packets.
type Wire struct {
	View           string // full | trunk-only
	Transport      string // udp | tcp | tls, of the phone legs
	Makes          string // usual | drawn
	Forms          string // fixed | drawn
	Trunks         int
	TrunkAddress   string // public | private | shared
	SIPLoss        float64
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
