package config

import (
	"net/netip"
	"time"
	_ "time/tzdata" // a small box may have no zone files
)

// Config is the whole configuration, checked.
type Config struct {
	Site    Site
	Trunks  []Trunk // none: learned
	Capture Capture
	HEP     HEP
	Influx  Influx
	Privacy Privacy
	Webhook Webhook
	Store   Store
	HTTP    HTTP

	Reconcile Reconcile
	Tariff    Tariff
	Hours     Hours
}

// Site says whose calls these are.
type Site struct {
	Name             string // empty: the host name
	Customer         string
	Primary          bool         // of several sensors, the one whose money counts
	View             string       // auto, lan, trunk, internet or all
	Country          string       // ISO 3166-1 alpha-2, of dialled national numbers
	Timezone         string       // IANA name
	Profile          string       // office, hotel, call_centre, school, trading or ngo
	OutsidePrefix    string       // auto, none, or the digits dialled for an outside line
	UsualMonthlyBill float64      // euro; 0: learned
	PBX              []netip.Addr // empty: learned
}

// Location is the time zone; a checked Config has one.
func (s Site) Location() *time.Location {
	l, err := time.LoadLocation(s.Timezone)
	if err != nil {
		return time.UTC
	}
	return l
}

// Trunk is a line to an operator that the operator of the sensor names.
type Trunk struct {
	Name      string
	Addresses []netip.Addr
	Domains   []string
	Users     []string
	Channels  int    // calls at once; 0: not known
	Hotline   string // of the operator's fraud desk
}

// Capture says what is listened to, and how.
type Capture struct {
	Interfaces []string // "any": every Ethernet interface that is up; empty: none, with HEP alone
	Mode       string   // auto, ebpf, tcx, afpacket or pcap
}

// HEP says where Homer capture agents are listened to, and to which of them.
type HEP struct {
	Listen  string         // address and port, UDP and TCP; empty: off
	Senders []netip.Prefix // empty: this host alone
	KeyFile string         // of the key that agents must present; empty: none is asked for
}

// Influx says where points go.
type Influx struct {
	URL          string // empty: off
	Org          string
	Bucket       string
	BucketAlerts string // empty: Bucket
	TokenFile    string
	SpoolMB      int // what waits on disk at most
	SpoolDays    int // for how long; alerts have no age
}

// Privacy says what leaves the sensor of numbers, addresses and users.
type Privacy struct {
	Mask    string // full, hide_last4, hashed or none
	KeyFile string // of the key of hashes; empty: made once, and kept in the store
}

// Webhook says where alerts are posted.
type Webhook struct {
	URL        string // empty: off
	SecretFile string // empty: posts are not signed
}

// Store says where calls and alerts are kept.
type Store struct {
	Dir string
}

// HTTP says where the page, the API and the metrics are served.
type HTTP struct {
	Listen string // a loopback address and port; empty: off
}

// Default is the configuration of an empty file.
func Default() Config {
	return Config{
		Site: Site{Primary: true, View: "auto", Country: "FR", Timezone: "Europe/Paris", Profile: "office",
			OutsidePrefix: "auto"},
		Capture: Capture{Interfaces: []string{"any"}, Mode: "auto"},
		Privacy: Privacy{Mask: "hide_last4"},
		Influx:  Influx{SpoolMB: 256, SpoolDays: 14},
		Store:   Store{Dir: "/var/lib/tollwatch"},
		HTTP:    HTTP{Listen: "127.0.0.1:8480"},
		Hours:   Hours{Holidays: "FR"},
	}
}

// Reconcile says where the operator's records are laid down.
type Reconcile struct {
	Folder   string // empty: off
	Format   string // asterisk, freepbx or 3cx; empty: found out
	Columns  string // of any other export: start=…,number=…
	Timezone string // of times without one; empty: the site's
}

// Hours says when somebody is at the site.
type Hours struct {
	Open         []string // mon-fri 08:30-12:00; none: learned
	Holidays     string   // FR, FR-57, FR-67, FR-68; empty: none
	HolidaysFile string   // of more days without anybody; empty: none
}

// Tariff says what calls cost, and what they may.
type Tariff struct {
	File string // the customer's own price list, CSV; empty: estimates
	Caps []Cap
}

// Cap is what calls to a class may cost, in EUR, and how many there may be at
// once; 0: no such limit.
type Cap struct {
	Class                              string // a class of docs/destinations.md that costs money, or all
	PerCall, PerHour, PerDay, PerMonth float64
	CallsAtOnce                        int
}

// limits says that the cap has any.
func (c Cap) limits() bool {
	return c.PerCall > 0 || c.PerHour > 0 || c.PerDay > 0 || c.PerMonth > 0 || c.CallsAtOnce > 0
}
