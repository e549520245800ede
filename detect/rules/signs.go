package rules

import "tollwatch/detect/numbering"

// Signs is all that a decision knew which is about no single outbound call: of
// a stranger at the door, an account, a caller from outside, or a trunk. As of
// [Inputs], plain numbers and words, to be stored and scored again. A decision
// fills the fields of its own kind; the others are zero and give no points.
type Signs struct {
	// Whom it is about; empty where that is not known.
	Source    string // address
	Extension string
	Trunk     string

	// A login that was accepted.
	Failures  int  // refused passwords of the source in the 24 hours before
	Accepted  bool // one of its passwords was then right
	IsScanner bool // the source was seen looking for extensions or numbers

	// What a stranger asked for, in ten minutes.
	Requests int
	Users    int    // different ones
	Scanner  string // name of a scanner that the User-Agent bears; empty for all others
	Leak     bool   // the answers told which users exist

	Knocks int // requests of all strangers, in one minute

	// Passwords tried on an account from outside.
	Guesses      int // refused, with a half-life of 15 minutes
	GuessSources int // that they came from

	// A number that was dialled behind several prefixes, or for a stranger.
	Number   string // as dialled, the latest time
	Prefixes int    // different ones that led nowhere
	Inside   bool   // by an extension, or with its password
	Served   bool   // this time it went on, or rang
	Relayed  bool   // for a stranger without a password

	// A call from outside, or the last of many.
	Caller       string  // number; empty when withheld
	Called       string  // number or extension of this site
	PINs         int     // groups of keys of one length in the call
	PINsHour     int     // groups of keys of the caller within an hour
	MailboxCalls int     // short calls of the caller today that a mailbox took
	OneRing      int     // calls from this country and class within an hour that rang once
	EvenCalls    int     // the last answered calls to a toll-free number of this site within an hour; 8 at most
	EvenCallers  int     // their callers
	EvenSpread   float64 // coefficient of variation of their durations
	Minutes      float64 // of the number's calls today
	MinutesUsual float64 // a day, of all toll-free calls

	// A forward that was set.
	ForwardTo string // E.164 with +
	Country   string // of ForwardTo, ISO 3166-1 alpha-2
	Class     numbering.Class

	// Conversations outside that no signalling announced, known by their media.
	Talks        int     // at once, this one among them
	TalksUsual   int     // at such hours; 0 = not known yet
	TalksLearned bool    // days were learned
	OffHours     bool    // nights and weekends
	Unread       float64 // share of the signalling that is TLS

	// A registration of Extension that differs from those before.
	NewAgent   bool // User-Agent or transport
	NewNetwork bool
	Public     bool // the network is one of the Internet
	OnlyHouse  bool // all networks known before are private
	Roams      bool // two or more of the Internet are known
	Beside     bool // another of its telephones is registered elsewhere
	AtNight    bool
	Moved      int // extensions that are registered in that network now
	Registered int // extensions that registered at all

	// A binding of this site's account at its operator.
	Account        string
	Contact        string // host of a binding that is not this site's
	PrivateContact bool   // it is an address of no network but its own

	// A trunk that refuses.
	Refused        int     // calls in a row, to different numbers, before they rang
	RefusedCallers int     // whose calls they were; 2 at most
	RefusedUsual   float64 // share of all calls that is refused so as a rule
	RefusedStatus  int     // of the last
	LoginsRefused  int     // of the site's own account, in a row

	// A trunk by which nobody calls.
	Silence       float64 // hours
	CallsExpected float64 // in such a time, as a rule
	CallsOut      int     // that came through meanwhile, the other way
}
