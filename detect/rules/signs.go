package rules

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

	// Passwords tried on an account from outside.
	Guesses      int // refused, with a half-life of 15 minutes
	GuessSources int // that they came from

	// A number that was dialled behind several prefixes, or for a stranger.
	Number   string // as dialled, the latest time
	Prefixes int    // different ones that led nowhere
	Inside   bool   // by an extension, or with its password
	Served   bool   // this time it went on, or rang
	Relayed  bool   // for a stranger without a password
}
