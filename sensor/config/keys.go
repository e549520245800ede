package config

// sections are the tables of a file, in the order of the one that ships.
var sections = []string{"site", trunkSection, "capture", "hep", "influx", "privacy", "webhook", "store", "http", "reconcile",
	"tariff", capSection, "hours"}

// keys is every key and how its value is checked and set. A setter returns
// what is wrong, or nothing.
var keys = map[string]setter{
	"site.name":               text(func(c *Config) *string { return &c.Site.Name }, anything),
	"site.customer":           text(func(c *Config) *string { return &c.Site.Customer }, anything),
	"site.primary":            boolean(func(c *Config) *bool { return &c.Site.Primary }),
	"site.view":               text(func(c *Config) *string { return &c.Site.View }, oneOf("auto", "lan", "trunk", "internet", "all")),
	"site.country":            text(func(c *Config) *string { return &c.Site.Country }, country),
	"site.timezone":           text(func(c *Config) *string { return &c.Site.Timezone }, timezone),
	"site.profile":            text(func(c *Config) *string { return &c.Site.Profile }, oneOf("office", "hotel", "call_centre", "school", "trading", "ngo")),
	"site.outside_prefix":     text(func(c *Config) *string { return &c.Site.OutsidePrefix }, outsidePrefix),
	"site.usual_monthly_bill": amount(func(c *Config) *float64 { return &c.Site.UsualMonthlyBill }),
	"site.pbx":                addresses(func(c *Config) *addressList { return &c.Site.PBX }),

	"trunk.name":      text(func(c *Config) *string { return &c.trunk().Name }, anything),
	"trunk.addresses": addresses(func(c *Config) *addressList { return &c.trunk().Addresses }),
	"trunk.domains":   texts(func(c *Config) *[]string { return &c.trunk().Domains }, nonEmpty),
	"trunk.users":     texts(func(c *Config) *[]string { return &c.trunk().Users }, nonEmpty),
	"trunk.channels":  count(func(c *Config) *int { return &c.trunk().Channels }),
	"trunk.hotline":   text(func(c *Config) *string { return &c.trunk().Hotline }, anything),

	"capture.interfaces": texts(func(c *Config) *[]string { return &c.Capture.Interfaces }, nonEmpty),
	"capture.mode":       text(func(c *Config) *string { return &c.Capture.Mode }, oneOf("auto", "ebpf", "tcx", "afpacket", "pcap")),

	"hep.listen":   text(func(c *Config) *string { return &c.HEP.Listen }, endpoint),
	"hep.senders":  networks(func(c *Config) *networkList { return &c.HEP.Senders }),
	"hep.key_file": text(func(c *Config) *string { return &c.HEP.KeyFile }, anything),

	"influx.url":           text(func(c *Config) *string { return &c.Influx.URL }, writeAddress),
	"influx.org":           text(func(c *Config) *string { return &c.Influx.Org }, anything),
	"influx.bucket":        text(func(c *Config) *string { return &c.Influx.Bucket }, anything),
	"influx.bucket_alerts": text(func(c *Config) *string { return &c.Influx.BucketAlerts }, anything),
	"influx.token_file":    text(func(c *Config) *string { return &c.Influx.TokenFile }, anything),
	"influx.spool_mb":      between(func(c *Config) *int { return &c.Influx.SpoolMB }, 16, 100_000),
	"influx.spool_days":    between(func(c *Config) *int { return &c.Influx.SpoolDays }, 1, 365),

	"privacy.mask":     text(func(c *Config) *string { return &c.Privacy.Mask }, oneOf("full", "hide_last4", "hashed", "none")),
	"privacy.key_file": text(func(c *Config) *string { return &c.Privacy.KeyFile }, anything),

	"webhook.url":         text(func(c *Config) *string { return &c.Webhook.URL }, address),
	"webhook.secret_file": text(func(c *Config) *string { return &c.Webhook.SecretFile }, anything),

	"store.dir": text(func(c *Config) *string { return &c.Store.Dir }, absolute),

	"http.listen": text(func(c *Config) *string { return &c.HTTP.Listen }, loopback),

	"reconcile.folder":   text(func(c *Config) *string { return &c.Reconcile.Folder }, optional(absolute)),
	"reconcile.format":   text(func(c *Config) *string { return &c.Reconcile.Format }, oneOf("", "asterisk", "freepbx", "3cx")),
	"reconcile.columns":  text(func(c *Config) *string { return &c.Reconcile.Columns }, optional(columns)),
	"reconcile.timezone": text(func(c *Config) *string { return &c.Reconcile.Timezone }, optional(timezone)),

	"hours.open":          texts(func(c *Config) *[]string { return &c.Hours.Open }, opening),
	"hours.holidays":      text(func(c *Config) *string { return &c.Hours.Holidays }, holidays),
	"hours.holidays_file": text(func(c *Config) *string { return &c.Hours.HolidaysFile }, optional(absolute)),

	"tariff.file":              text(func(c *Config) *string { return &c.Tariff.File }, optional(absolute)),
	"tariff.cap.class":         text(func(c *Config) *string { return &c.cap().Class }, oneOf(capClasses...)),
	"tariff.cap.per_call":      amount(func(c *Config) *float64 { return &c.cap().PerCall }),
	"tariff.cap.per_hour":      amount(func(c *Config) *float64 { return &c.cap().PerHour }),
	"tariff.cap.per_day":       amount(func(c *Config) *float64 { return &c.cap().PerDay }),
	"tariff.cap.per_month":     amount(func(c *Config) *float64 { return &c.cap().PerMonth }),
	"tariff.cap.calls_at_once": count(func(c *Config) *int { return &c.cap().CallsAtOnce }),
}

// capClasses are what a cap can be on.
var capClasses = []string{"all", "domestic", "mobile", "international", "high_risk", "satellite", "international_premium", "national_premium"}

// trunk is the one that the file is at.
func (c *Config) trunk() *Trunk { return &c.Trunks[len(c.Trunks)-1] }

// cap is the one that the file is at.
func (c *Config) cap() *Cap { return &c.Tariff.Caps[len(c.Tariff.Caps)-1] }
