package rules

import "tollwatch/detect/numbering"

// Inputs is all that a decision knew: the features of one outbound call and
// the learned values it was compared with. Plain numbers and words, so that
// it can be stored, read by a person, and scored again.
type Inputs struct {
	// The call.
	Class     numbering.Class
	Country   string  // ISO 3166-1 alpha-2; "001" non-geographic; empty when not known
	Number    string  // E.164 with +, else as dialled
	Extension string  // who called, as far as it is visible
	Trunk     string  // the trunk it left by; empty when not seen
	Rate      float64 // EUR a minute, from the table
	Phones    bool    // the telephone's own leg was seen: Extension is one telephone
	Answered  bool
	Minutes   float64 // since the answer

	// Warmup is how much of the learned values may be believed: 0 on the
	// first day, 1 after 14 days and 200 calls (the smaller of both growths).
	Warmup float64

	// Novelty: what was never seen in 90 days, or as long as it was watched.
	Watched          float64 // days, 90 at most
	NewDestination   bool    // country and class together, for this site
	EarlyDestination bool    // known from the first 14 days alone, when the site may have been hacked already
	NewCaller        bool    // Extension never called abroad

	// The hour of the attempt, of the site's clock.
	WeekHour  int     // of the week, from Sunday 00:00 on
	Closed    bool    // by the configured hours, holidays and closures
	OffHours  bool    // by the learned week; false where hours are configured
	WeekShare float64 // calls around this hour by an average hour's, learned

	// Rates: calls in the last ten minutes, this one among them, redials of an
	// unanswered number left out; learned calls, and what they are divided by.
	Calls10     int     // to this country and class
	Calls2      int     // of them in the last two minutes
	LearnedG    float64 // learned calls to it, half-life 30 days
	NewCalls10  int     // to any new destination
	NewCalls2   int     // of them in the last two minutes
	LearnedNew  float64 // learned calls to new destinations, half-life 30 days
	PriorRate   float64 // calls in ten minutes to such a destination, before anything is learned
	PriorNew    float64 // the same, to all new destinations together
	Exposure    float64 // working ten-minute periods of learning, half-life 30 days
	LoneAttempt bool    // no other call to a watched class in the last ten minutes

	// Calls at once, this one among them, and how many are usual.
	ExtensionLegs        int // of this extension, to anywhere outside
	ExtensionUsual       int
	ExtensionCostly      int // of this extension, to costly destinations
	ExtensionCostlyUsual int
	TrunkCostly          int // of the site, to costly destinations
	TrunkCostlyUsual     int

	// Money, EUR.
	SpentHour  float64 // on costly calls in the last 60 minutes, running ones and the first minute of this one included
	BudgetHour float64 // what such an hour may cost before it is strange
	Cost       float64 // of this call so far
	CostNotice float64 // a single call is worth a mention from here; 0 = never
	CostLimit  float64 // a single call is an alert from here
	NewSpent   float64 // on new destinations in the last 24 hours, running calls included
	NewLimit   float64 // what may be spent there in a day before it is an alert; 0 = never

	// The share of a cap that this decision is the first to see; of none all are zero.
	CapPeriod CapPeriod
	CapClass  numbering.Class // that the cap is on; 0 = all
	CapUsed   float64         // EUR, or calls at once
	Cap       float64

	// Different numbers reached at new destinations in the last 24 hours.
	NewNumbers      int
	NewNumbersLimit float64 // so many are an alert; 0 = never

	// The last answered calls: to this country and class or, for a new
	// destination, to all new ones.
	ShortOfLast5    int     // of the last five, those under 15 s
	ShortIn10       int     // under 15 s in the last ten minutes
	Durations       int     // how many of the last eight the next is over
	DurationSpread  float64 // coefficient of variation of their durations
	Intervals       int     // how many calls the next is over
	IntervalsSpread float64 // coefficient of variation of the times between their starts
	MuteOfLast5     int     // of the last five, those of ten seconds or more with media one way or none; 0 where media are not seen
	QuickOfLast5    int     // of the last five, those answered within two seconds

	// A call that is the way on of another, and one that answers bait.
	Hairpin     bool    // a call from outside goes out again
	EndsAlike   bool    // it is known by its end, which is that of the call from outside
	HairpinFrom string  // its caller; empty when withheld
	HairpinKeys int     // keys that the caller pressed; 0 when fewer than 8, or longer ago than ten seconds
	Guessed     bool    // the caller had tried PINs within a day
	Forwarded   bool    // by Diversion, History-Info or 302
	Transferred bool    // by REFER
	Customary   bool    // a number that the site calls itself
	BaitAge     float64 // hours since the number rang once here, as others of its country did; 0 = it did not

	// Whose call it is.
	Hijack        float64 // score of the strange registration that the telephone had within a day; 0 = none
	NoTelephone   bool    // no telephone asked for it, as always one did for calls that show its number
	StrangeNumber bool    // the number shown was never shown before
}

// costlyRate is the price from which a destination abroad counts as costly,
// EUR a minute: A. Balashov's trunk limit of $0.10, which stopped 95 to 98 %
// of losses at his carrier.
const costlyRate = 0.10

// Watched says that calls to the class can be toll fraud: all other rules
// than concurrency and money stay silent elsewhere.
func Watched(c numbering.Class) bool {
	switch c {
	case numbering.International, numbering.Unparsed:
		return true
	}
	return Risky(c)
}

// Risky says that the class alone earns points: where fraud is paid out.
func Risky(c numbering.Class) bool {
	switch c {
	case numbering.HighRisk, numbering.Satellite, numbering.InternationalPremium, numbering.NationalPremium:
		return true
	}
	return false
}

// Costly says that a call to the class at this rate (EUR a minute) counts for
// the site's concurrency and its hourly spending.
func Costly(c numbering.Class, rate float64) bool {
	return Risky(c) || Watched(c) && rate >= costlyRate
}

func (in *Inputs) costly() bool { return Costly(in.Class, in.Rate) }
