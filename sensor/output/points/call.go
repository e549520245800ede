package points

import "time"

// Call is a leg of a call that has ended. Its point lies at its end; of one that
// still lives when the capture ends, there.
type Call struct {
	ID, Group string
	End       time.Time

	Trunk, Direction, Class, Country, State string // tags

	Extension string
	Number    string // E.164
	Src, Dst  string // of the first INVITE
	UserAgent string
	Status    int           // final SIP status; 0: none
	Attempts  int           // INVITEs merged
	EndBy     string        // caller, callee or none
	Ringing   time.Duration // post-dial delay; 0: not known
	Duration  time.Duration // answer to end
	OneWay    bool          // answered, and one side alone was ever heard
	CostEUR   float64       // NaN: not rated
	Score     float64
	MOS       float64 // 0: not known
}

var callTable = table[Call]{
	name: "call", text: "a leg of a call, when it has ended, at its end; a call's money stands on one of its legs",
	tags: []tag[Call]{
		set("dest_class", "class of the destination ([destinations.md](destinations.md))", classes, func(c *Call) string { return c.Class }),
		{Tag{"dest_country", "of the destination: ISO 3166-1 alpha-2, or 001", nil}, func(c *Call) string { return country(c.Country) }},
		set("direction", "seen from the site", directions, func(c *Call) string { return c.Direction }),
		set("state", "how it ended; active: it lived when the capture ended", states, func(c *Call) string { return c.State }),
		trunk("by which it went", func(c *Call) string { return c.Trunk }),
	},
	fields: [][]field[Call]{
		callID("call_id", "SIP Call-ID of the leg", func(c *Call) string { return c.ID }),
		word("call_group", "shared by the legs of one call", func(c *Call) string { return c.Group }),
		user("extension", "who called, or was called", func(c *Call) string { return c.Extension }),
		number("number", "the number called, E.164", func(c *Call) string { return c.Number }),
		address("src", "where the first INVITE came from", func(c *Call) string { return c.Src }),
		address("dst", "where it went", func(c *Call) string { return c.Dst }),
		sentence("user_agent", "User-Agent of the first INVITE", func(c *Call) string { return c.UserAgent }, nobody),
		count("status", "final SIP status of the INVITE; 0: none", func(c *Call) int { return c.Status }),
		count("attempts", "INVITEs merged: forks, authentication, retransmissions", func(c *Call) int { return c.Attempts }),
		word("end_by", "caller, callee or none", func(c *Call) string { return c.EndBy }),
		figure("duration", seconds, "answer to end", func(c *Call) float64 { return c.Duration.Seconds() }),
		figure("pdd", seconds, "post-dial delay: first INVITE to ringing", func(c *Call) float64 { return positive(c.Ringing.Seconds()) }),
		flag("one_way", "answered, five seconds long or more, and one side alone was ever heard", func(c *Call) bool { return c.OneWay }),
		money("cost_eur", euro, "what it cost, by the price list in force", func(c *Call) float64 { return c.CostEUR }),
		figure("score", "", "points of detection, 0 to 100", func(c *Call) float64 { return c.Score }),
		figure("mos", "1 to 5", "of its worst stream, ITU-T G.107", func(c *Call) float64 { return positive(c.MOS) }),
	},
	at:    func(c *Call) time.Time { return c.End },
	about: func(c *Call) (string, string) { return c.ID, c.Group },
}

// positive is the figure, or unknown where it is nothing.
func positive(x float64) float64 {
	if x > 0 {
		return x
	}
	return unknown
}
