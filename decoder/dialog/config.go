package dialog

import "time"

// Timers of the standard.
const (
	// transactionTime is 64*T1, after which a request that got no answer is
	// given up and retransmissions have ceased: Timers B, F, H, J and L of RFC
	// 3261 §17 and RFC 6026 §7.1. It is also how long an ended leg is
	// remembered, and how long a challenge waits for credentials.
	transactionTime = 32 * time.Second
	// ringTime is Timer C (RFC 3261 §16.6: more than three minutes, begun anew
	// by provisional answers), and the time the caller then has to give up.
	ringTime = 180*time.Second + transactionTime
	// defaultExpires holds where a registrar grants a binding without saying
	// for how long (RFC 3261 §10.2.1.1).
	defaultExpires = time.Hour
	// shortestSession is the lowest Session-Expires allowed (RFC 4028 §5).
	shortestSession = 90 * time.Second
)

// Bounds of what one leg or one message may cost. They are far above what
// telephones do; what exceeds them is cut or refused.
const (
	maxKey       = 256 // bytes of a Call-ID, tag, branch or Contact that are told apart
	maxText      = 128 // bytes kept of any other text
	maxTags      = 6   // To-tags of one leg: forks
	maxPeers     = 8   // signalling addresses of one leg
	maxEndpoints = 8   // media endpoints of one leg
	maxBindings  = 16  // bindings of one address-of-record, and Contacts read of one message
	maxForks     = 8   // legs joined behind one leg
	maxSearch    = 512 // legs looked at to join one
)

// Config is the size of every table, and the times that no standard gives.
type Config struct {
	Legs         int // live legs
	Challenged   int // of them, those that must show a password; and ended ones that never did
	Tombstones   int // ended legs that are remembered for late messages
	Transactions int // requests outside calls that wait for their answer
	Accounts     int // addresses-of-record with bindings
	Failures     int // pairs of address-of-record and source with refused registrations
	Sources      int // source addresses with a budget of messages

	MessageRate  float64 // events of single messages a second and source
	MessageBurst float64 // and how many at once

	MediaSilence time.Duration // media seen, then none for so long: the BYE was lost
	LongestCall  time.Duration // without any sign of life, signalling or media
	JoinWindow   time.Duration // how long after its start an answered leg still gets a next leg
}

// DefaultConfig suits a site of some hundred telephones, with room for a flood:
// a live leg with its endpoints takes 2.4 KB, all tables together about 250 MB
// when every one is full. Tombstones last for 500 calls a second. The budget lets 20 probes a second
// through, more than any detector of scans needs, and a burst of 200 as a PBX
// sends when it restarts. A minute of silence is the shortest that common PBXs
// use themselves (rtptimeout); twelve hours are longer than any call that is
// not a fault.
func DefaultConfig() Config {
	return Config{
		Legs: 65536, Challenged: 2048, Tombstones: 16384, Transactions: 16384, Accounts: 16384, Failures: 16384, Sources: 65536,
		MessageRate: 20, MessageBurst: 200,
		MediaSilence: time.Minute, LongestCall: 12 * time.Hour, JoinWindow: 5 * time.Second,
	}
}
