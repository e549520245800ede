package detect

import (
	"errors"
	"fmt"
	"net/netip"
	"time"

	"tollwatch/detect/calendar"
	"tollwatch/detect/numbering"
)

// Config is what a person tells the engine of the site. The zero value of
// each field means "learn it" or a stated default.
type Config struct {
	Site, Customer, Sensor string // copied into alerts; Site also into incident IDs

	Country  string         // ISO 3166-1 alpha-2 of the site's numbering plan; default FR
	Location *time.Location // of days and opening hours; default UTC
	Profile  Profile        // default Office

	OutsidePrefix    string  // auto, none, or the digits dialled for an outside line; default auto
	UsualMonthlyBill float64 // EUR; 0 = learned

	PBX    []netip.Addr // empty = learned
	Trunks []Trunk      // more are learned, and named trunk-1, trunk-2 …

	Prices *numbering.PriceList // the customer's own tariff; nil = estimates

	Hours calendar.Hours // when somebody is there; without a week it is learned

	Caps []Cap // what calls may cost, one for a class

	// PlainClasses takes every number abroad for an ordinary international one: what
	// is left where the list of risky destinations knows nothing of a fraud.
	PlainClasses bool

	// HashKey makes incident IDs reproducible, and unpredictable without it.
	HashKey [16]byte
}

// Trunk is one line to an operator.
type Trunk struct {
	Name      string
	Addresses []netip.Addr
	Domains   []string // host parts of the URIs sent to it
	Users     []string // our account names there
	Channels  int      // calls at once; 0 = not known
}

// Profile is the kind of business: what is usual there before anything is learned.
type Profile uint8

// The profiles of the configuration.
const (
	Office Profile = iota + 1
	Hotel
	CallCentre
	School
	Trading
	NGO
)

var profileNames = [...]string{"", "office", "hotel", "call_centre", "school", "trading", "ngo"}

func (p Profile) String() string { return name(profileNames[:], uint8(p)) }

// ParseProfile knows the words of the configuration.
func ParseProfile(word string) (Profile, error) {
	for i, n := range profileNames {
		if i > 0 && n == word {
			return Profile(i), nil
		}
	}
	return 0, fmt.Errorf("site profile %q: want office, hotel, call_centre, school, trading or ngo", word)
}

// prior is what a profile takes for usual on the first day.
type prior struct {
	callLimit       float64 // EUR, one call to a new destination with points: docs/detections.md, money_timer
	extensionLegs   int     // calls at once of one extension
	extensionCostly int     // the same, to costly destinations
	trunkCostly     int     // costly calls at once of the whole site
	rate            float64 // calls in ten minutes to one country abroad
	newRate         float64 // the same, to all countries while none is known
	budget          float64 // EUR an hour on costly calls
	newSpend        float64 // EUR a day on new destinations, once the site is known
	newSpendFirst   float64 // the same before, when most places are new; 0 = no limit
	newNumbers      float64 // numbers reached at new destinations in a day, once the site is known
	newNumbersFirst float64 // the same before; 0 = no limit
}

// priors: one person holds two calls. A dialler is one extension with many;
// whoever works abroad has more costly calls at once. The rates: an office's
// three calls a day to five countries are 0.01 in ten working minutes each.
var priors = [...]prior{
	Office:     {callLimit: 30, extensionLegs: 2, extensionCostly: 2, trunkCostly: 2, rate: 0.01, newRate: 0.02, budget: 5, newSpend: 15, newSpendFirst: 30, newNumbers: 15, newNumbersFirst: 30},
	Hotel:      {callLimit: 100, extensionLegs: 2, extensionCostly: 2, trunkCostly: 3, rate: 0.03, newRate: 0.1, budget: 40, newSpend: 80, newSpendFirst: 160, newNumbers: 30, newNumbersFirst: 60},
	CallCentre: {callLimit: 40, extensionLegs: 60, extensionCostly: 3, trunkCostly: 3, rate: 0.1, newRate: 0.4, budget: 10, newSpend: 40, newSpendFirst: 90, newNumbers: 30},
	School:     {callLimit: 30, extensionLegs: 2, extensionCostly: 2, trunkCostly: 2, rate: 0.01, newRate: 0.02, budget: 5, newSpend: 15, newSpendFirst: 30, newNumbers: 15, newNumbersFirst: 30},
	Trading:    {callLimit: 200, extensionLegs: 2, extensionCostly: 2, trunkCostly: 3, rate: 0.1, newRate: 0.4, budget: 60, newSpend: 100, newNumbers: 30},
	NGO:        {callLimit: 200, extensionLegs: 2, extensionCostly: 3, trunkCostly: 5, rate: 0.1, newRate: 0.6, budget: 100, newSpend: 160, newNumbers: 60},
}

// maxTrunks bounds the trunks of a site, named and learned together.
const maxTrunks = 16

func (c *Config) defaults() error {
	if c.Country == "" {
		c.Country = "FR"
	}
	if c.Location == nil {
		c.Location = time.UTC
	}
	if c.Profile == 0 {
		c.Profile = Office
	}
	if c.OutsidePrefix == "" {
		c.OutsidePrefix = "auto"
	}
	if int(c.Profile) >= len(priors) {
		return errors.New("site profile: not a profile")
	}
	if c.UsualMonthlyBill < 0 || c.UsualMonthlyBill != c.UsualMonthlyBill {
		return errors.New("usual monthly bill: want 0 or more euro")
	}
	if len(c.Trunks) > maxTrunks {
		return fmt.Errorf("%d trunks configured: at most %d", len(c.Trunks), maxTrunks)
	}
	if len(c.Caps) > maxCaps {
		return fmt.Errorf("%d caps configured: at most %d", len(c.Caps), maxCaps)
	}
	for _, t := range c.Trunks {
		if t.Name == "" {
			return errors.New("a trunk has no name")
		}
	}
	return nil
}
