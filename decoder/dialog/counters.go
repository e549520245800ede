package dialog

// Counters tell what the tracker holds and what it gave up. Those named Live
// are of the moment, all others only grow.
type Counters struct {
	Messages uint64 // observed
	Strays   uint64 // of them, belonged to no leg and no transaction

	Opened, Ended uint64 // legs; Opened = Ended + Live
	Live          int    // legs that have not ended
	Tombstones    int    // ended legs remembered
	LegsEvicted   uint64 // half-open legs that gave way to newer ones; each was ended
	LegsRefused   uint64 // not opened, because the table was full of calls in progress
	TombsEvicted  uint64 // ended legs forgotten early
	DoubtedByes   uint64 // BYEs that did not end their leg at once
	Joined        uint64 // legs that joined an older one's call

	EndpointsRefused uint64 // media endpoints beyond the bound of a leg

	Transactions        int
	TransactionsEvicted uint64
	MessagesSuppressed  uint64 // events of single messages beyond the budget of their source
	Sources             int    // with a budget of their own
	SourcesEvicted      uint64

	Accounts        int
	AccountsEvicted uint64
	Bindings        int    // in force
	BindingsRefused uint64 // bindings beyond the bound of an address-of-record
	Failures        int    // pairs of address-of-record and source with refused registrations
	FailuresEvicted uint64
}

// Counters returns a copy.
func (t *Tracker) Counters() Counters {
	c := t.counters
	c.Live = t.live()
	c.Tombstones = t.tombs.n + t.turnedAway.n
	c.Transactions, c.TransactionsEvicted = t.transactions.len(), t.transactions.evicted
	c.Accounts, c.AccountsEvicted = t.accounts.len(), t.accounts.evicted
	c.Sources, c.SourcesEvicted = t.budgets.len(), t.budgets.evicted
	c.Failures, c.FailuresEvicted = t.failures.len(), t.failures.evicted
	return c
}
