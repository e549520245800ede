package honest

import "time"

// Profile is a kind of site: a small company of some trade.
type Profile struct {
	Name, Text string
	Extensions int
	Traffic    Traffic
}

// Profiles lists all. Volumes follow busy-hour figures of telephone systems'
// planning guides, talks of call centres those of Brown et al., JASA 100 (2005);
// docs/siplab.md says which figures are published and which are assumed.
func Profiles() []Profile {
	return []Profile{
		{"office", "a law office of 15 telephones", 15, office()},
		{"hotel", "a hotel of 80 rooms, with guests from other countries each week", 60, hotel()},
		{"call_centre", "a call centre of 50 agents with a dialler", 50, callCentre()},
		{"school", "a school, quiet in its holidays", 30, school()},
		{"trading", "an import and export company, which calls abroad", 20, trading()},
		{"ngo", "a relief organisation or travel desk, day and night, all over the world", 25, ngo()},
		{"hospital", "a clinic, day and night, with alarms, pagers and faxes", 80, hospital()},
	}
}

// Lookup finds a profile by its name.
func Lookup(name string) (Profile, bool) {
	for _, p := range Profiles() {
		if p.Name == name {
			return p, true
		}
	}
	return Profile{}, false
}

// common is what all kinds of site share: the talks and habits of people.
func common() Traffic {
	return Traffic{
		Opens: 8*time.Hour + 30*time.Minute, Closes: 19 * time.Hour,
		Weekend: .05, Night: .02, DaySpread: .25, Holidays: true,
		Answer: .70, TalkMedian: 114 * time.Second, TalkSigma: 1, TalkMost: 2 * time.Hour,
		International: .05, NewCountry: .10, Prone: .04, Contacts: 60, ContactsAbroad: 12,
		Voicemail: .5, Digits: .05, NoBye: .002,
		habits: habits{Redial: .3, CallBack: .2, Consult: .03, RingGroup: .3, Twinning: .05, Misdial: .003, Conferences: .5, Projects: .5, Travels: .5},
	}
}

func office() Traffic {
	t := common()
	t.Outbound, t.Inbound, t.Internal = 60, 45, 25
	t.Alarms, t.Faxes = 1, 3
	return t
}

func hotel() Traffic {
	t := common()
	t.Outbound, t.Inbound, t.Internal = 45, 70, 60
	t.Opens, t.Closes, t.Weekend, t.Night, t.Holidays, t.Season = 7*time.Hour, 24*time.Hour, 1, .10, false, .4
	t.International, t.Guests, t.NewCountry, t.Prone = .25, .6, .35, .06
	t.Answer, t.TalkMedian, t.TalkSigma = .65, 99*time.Second, 1.1
	t.Alarms, t.Conferences, t.Travels, t.Projects = 2, .2, .1, .1
	return t
}

func callCentre() Traffic {
	t := common()
	t.Outbound, t.Inbound, t.Internal = 4000, 300, 100
	t.Opens, t.Closes, t.Weekend, t.Night = 9*time.Hour, 20*time.Hour, .2, 0
	t.International, t.Prone, t.Contacts, t.ContactsAbroad = .003, .03, 10000, 30
	t.Answer, t.TalkMedian, t.TalkSigma = .45, 37*time.Second, 1.3
	t.Overdial, t.Consult, t.Voicemail, t.Redial, t.Projects, t.Travels = .5, .01, .1, .1, 2, .1
	return t
}

func school() Traffic {
	t := common()
	t.Outbound, t.Inbound, t.Internal = 55, 60, 40
	t.Opens, t.Closes, t.Weekend, t.Night, t.Vacations = 8*time.Hour, 18*time.Hour, .02, .01, .8
	t.International, t.NewCountry, t.Prone, t.ContactsAbroad = .005, .20, .02, 3
	t.TalkMedian = 90 * time.Second
	t.Alarms, t.Faxes, t.Conferences, t.Projects = 2, 1, .1, .1
	return t
}

func trading() Traffic {
	t := common()
	t.Outbound, t.Inbound, t.Internal = 120, 80, 40
	t.Opens, t.Closes, t.Weekend, t.Night = 8*time.Hour, 20*time.Hour, .1, .03
	t.International, t.NewCountry, t.Prone, t.ContactsAbroad = .30, .10, .15, 60
	t.Answer, t.TalkMedian = .65, 134*time.Second
	t.Faxes, t.Conferences, t.Projects, t.Travels, t.AlarmsAway, t.Alarms = 10, 2, 4, 4, true, 1
	return t
}

func ngo() Traffic {
	t := common()
	t.Outbound, t.Inbound, t.Internal = 150, 90, 40
	t.Opens, t.Closes, t.Weekend, t.Night, t.Holidays = 0, 24*time.Hour, .8, 0, false
	t.International, t.NewCountry, t.Prone, t.ContactsAbroad = .45, .15, .35, 120
	t.Answer, t.TalkMedian = .60, 148*time.Second
	t.Conferences, t.Projects, t.Travels = 3, 6, 8
	return t
}

func hospital() Traffic {
	t := common()
	t.Outbound, t.Inbound, t.Internal = 180, 400, 500
	t.Opens, t.Closes, t.Weekend, t.Night, t.Holidays = 7*time.Hour, 21*time.Hour, .6, .2, true
	t.International, t.NewCountry, t.ContactsAbroad, t.Contacts = .01, .2, 8, 300
	t.TalkMedian, t.Answer = 75*time.Second, .72
	t.Alarms, t.Faxes, t.Projects, t.Analogue = 24, 30, .1, .2
	return t
}
