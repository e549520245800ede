package config

import (
	"errors"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const shipped = "../../packaging/tollwatch.toml"

func TestTheShippedFileIsTheDefault(t *testing.T) {
	got, err := Load(shipped)
	if err != nil {
		t.Fatal(err)
	}
	compare(t, got, Default())
}

// TestTheShippedFileNamesEveryKey takes the comments away from the section
// that is only an example.
func TestTheShippedFileNamesEveryKey(t *testing.T) {
	raw, err := os.ReadFile(shipped)
	if err != nil {
		t.Fatal(err)
	}
	section := ""
	named := map[string]bool{}
	for line := range strings.Lines(string(raw)) {
		line = strings.TrimSpace(strings.TrimPrefix(line, "# "))
		if strings.HasPrefix(line, "[") {
			section = strings.Trim(strings.Fields(line)[0], "[]")
		}
		if key, _, ok := strings.Cut(line, " = "); ok && !strings.Contains(key, " ") {
			named[section+"."+key] = true
		}
	}
	for key := range keys {
		if !named[key] {
			t.Errorf("%s does not name %s", shipped, key)
		}
	}
	if len(named) != len(keys) {
		t.Errorf("got %d keys in %s, want %d", len(named), shipped, len(keys))
	}
}

func compare(t *testing.T, got, want Config) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmp.Comparer(func(a, b netip.Addr) bool { return a == b }),
		cmp.Comparer(func(a, b netip.Prefix) bool { return a == b })); diff != "" {
		t.Error(diff)
	}
}

func TestEveryKeyIsSet(t *testing.T) {
	got, err := Parse("x", []byte(`
site.name = "lyon"
site.customer = "dupont"
site.primary = false
[capture]
interfaces = ["eth1", "eth2"]
mode = "afpacket"
[hep]
listen = "0.0.0.0:9060"
senders = ["192.0.2.7", "2001:db8::/32"]
key_file = "/k"
[influx]
url = "https://influx.example.net:8086"
org = "o"
bucket = "b"
bucket_alerts = "a"
token_file = "/etc/tollwatch/token"
spool_mb = 1_000
spool_days = 3
[privacy]
mask = "hashed"
key_file = "/p"
[[trunk]]
name = "a"
addresses = ["203.0.113.5", "2001:db8::5"]
domains = ["sip.example.net"]
users = ["33170"]
channels = 8
hotline = "+33 1 70"
[[trunk]]
name = "b"
[webhook]
url = "http://127.0.0.1:9/hook"
secret_file = "/s"
[store]
dir = "/data"
[http]
listen = "[::1]:1"
[reconcile]
folder = "/bills"
columns = "start=A,number=B"
timezone = "UTC"
[tariff]
file = "/prices.csv"
[[tariff.cap]]
class = "satellite"
per_call = 1
per_hour = 2.5
[[tariff.cap]]
class = "all"
per_day = 3
per_month = 400
calls_at_once = 5
[hours]
open = ["mon-fri 08:30-12:00", "sat 09:00-12:00"]
holidays = "FR-67"
holidays_file = "/h"
`))
	if err != nil {
		t.Fatal(err)
	}
	want := Default()
	want.Site.Name, want.Site.Customer, want.Site.Primary = "lyon", "dupont", false
	want.Capture = Capture{Interfaces: []string{"eth1", "eth2"}, Mode: "afpacket"}
	want.HEP = HEP{"0.0.0.0:9060", []netip.Prefix{netip.MustParsePrefix("192.0.2.7/32"), netip.MustParsePrefix("2001:db8::/32")}, "/k"}
	want.Influx = Influx{"https://influx.example.net:8086", "o", "b", "a", "/etc/tollwatch/token", 1000, 3}
	want.Privacy = Privacy{"hashed", "/p"}
	want.Trunks = []Trunk{{Name: "a", Addresses: []netip.Addr{netip.MustParseAddr("203.0.113.5"), netip.MustParseAddr("2001:db8::5")},
		Domains: []string{"sip.example.net"}, Users: []string{"33170"}, Channels: 8, Hotline: "+33 1 70"}, {Name: "b"}}
	want.Webhook = Webhook{"http://127.0.0.1:9/hook", "/s"}
	want.Store.Dir, want.HTTP.Listen = "/data", "[::1]:1"
	want.Reconcile = Reconcile{Folder: "/bills", Columns: "start=A,number=B", Timezone: "UTC"}
	want.Tariff = Tariff{File: "/prices.csv", Caps: []Cap{{Class: "satellite", PerCall: 1, PerHour: 2.5},
		{Class: "all", PerDay: 3, PerMonth: 400, CallsAtOnce: 5}}}
	want.Hours = Hours{Open: []string{"mon-fri 08:30-12:00", "sat 09:00-12:00"}, Holidays: "FR-67", HolidaysFile: "/h"}
	compare(t, got, want)

	got, err = Parse("x", []byte(`trunk = [{name = "c", channels = 0x10}]
site = {view = "lan", country = "DE", timezone = "Europe/Berlin", profile = "hotel", outside_prefix = "0", usual_monthly_bill = 1_500, pbx = ["10.0.0.1"]}
tariff = {file = "/p", cap = [{class = "mobile", per_day = 2}]}`))
	if err != nil {
		t.Fatal(err)
	}
	want = Default()
	want.Trunks = []Trunk{{Name: "c", Channels: 16}}
	want.Tariff = Tariff{File: "/p", Caps: []Cap{{Class: "mobile", PerDay: 2}}}
	want.Site = Site{Primary: true, View: "lan", Country: "DE", Timezone: "Europe/Berlin", Profile: "hotel", OutsidePrefix: "0",
		UsualMonthlyBill: 1500, PBX: []netip.Addr{netip.MustParseAddr("10.0.0.1")}}
	compare(t, got, want)
	if l := got.Site.Location().String(); l != "Europe/Berlin" {
		t.Errorf("got location %s", l)
	}
}

// TestEveryProblemAtOnce is a file that has one of each.
func TestEveryProblemAtOnce(t *testing.T) {
	_, err := Parse("t.toml", []byte(`[site]
country = "France"
timezone = "Paris"
profile = "bank"
primary = "yes"
pbx = ["10.0.0.300"]
nmae = "x"
usual_monthly_bill = -1
outside_prefix = "zero"
[sit]
name = "not told: the section is wrong already"
[trunk]
name = "t"
# a comment
[capture]
interfaces = "eth0"
mode = 3
[influx]
url = "influx:8086"
[webhook]
url = "https://u:p@h/"
[store]
dir = "var"
[http]
listen = "0.0.0.0:80"
[tariff]
file = "prices.csv"
[[tariff.cap]]
class = "abroad"
per_week = 1
[[tariff.cap]]
per_day = -1
[[tariff.cap]]
class = "mobile"
[[tariff.cap]]
class = "mobile"
per_day = 1
[hours]
open = ["mon-fri 08:30-12:00", "lundi 14:00-18:00"]
holidays = "Bretagne"
holidays_file = "h"
`))
	var got Problems
	if !errors.As(err, &got) {
		t.Fatalf("got %v, want Problems", err)
	}
	want := []string{
		`t.toml:2:11: site.country: "France" is no country`,
		`t.toml:3:12: site.timezone: "Paris" is no time zone`,
		`t.toml:4:11: site.profile: "bank" is none of office,`,
		`t.toml:5:11: site.primary: got string, want true or false`,
		`t.toml:6:1: site.pbx: "10.0.0.300" is no IP address`,
		`t.toml:7:1: site.nmae: unknown key: is name meant? [site] knows country, customer, name,`,
		`t.toml:8:22: site.usual_monthly_bill: got integer, want an amount in euro`,
		`t.toml:9:18: site.outside_prefix: "zero" is neither`,
		`t.toml:10:2: [sit]: unknown section: is site meant? there are site, trunk,`,
		`t.toml:12:2: [trunk]: there may be several: write [[trunk]]`,
		`t.toml:16:14: capture.interfaces: got string, want a list`,
		`t.toml:17:8: capture.mode: got integer, want a string`,
		`t.toml:19:7: influx.url: "influx:8086" is no address of a server`,
		`t.toml:19:7: influx.bucket: missing`,
		`t.toml:21:7: webhook.url: "https://u:xxxxx@h/" is no address`,
		`t.toml:23:7: store.dir: "var" is no absolute path`,
		`t.toml:25:10: http.listen: "0.0.0.0:80" is open to the network`,
		`t.toml:27:8: tariff.file: "prices.csv" is no absolute path`,
		`t.toml:28:3: tariff.cap: limits nothing: give per_call,`,
		`t.toml:29:9: tariff.cap.class: "abroad" is none of all, domestic,`,
		`t.toml:30:1: tariff.cap.per_week: unknown key: [tariff.cap] knows calls_at_once, class, per_call,`,
		`t.toml:31:3: tariff.cap.class: missing: one of all,`,
		`t.toml:32:11: tariff.cap.per_day: got integer, want an amount in euro`,
		`t.toml:33:3: tariff.cap: limits nothing: give per_call,`,
		`t.toml:35:3: tariff.cap.class: mobile has a cap already`,
		`t.toml:39:1: hours.open: "lundi 14:00-18:00": want days and hours,`,
		`t.toml:40:12: hours.holidays: "Bretagne" is none of FR, FR-57,`,
		`t.toml:41:17: hours.holidays_file: "h" is no absolute path`,
	}
	lines := strings.Split(got.Error(), "\n")
	for i := range max(len(lines), len(want)) {
		if i >= len(want) || i >= len(lines) || !strings.HasPrefix(lines[i], want[i]) {
			t.Fatalf("line %d of\n%s\nwant %q", i, got.Error(), want[min(i, len(want)-1)])
		}
	}
}

func TestProblemsOne(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"[site\n", "f:1:6: "},
		{"[site]\nname = 'a'\nname = 'b'\n", "f:3:1: "},
		{"name = 'a'\n", "f:1:1: name: unknown key: it must stand in a section"},
		{"trunk.name = 'a'\n", "f:1:1: trunk.name: unknown key"},
		{"[[trunk]]\n[[trunk]]\nname='a'\n", "f:1:3: trunk.name: each trunk needs a name of its own"},
		{"[[trunk]]\nname='a'\n[[trunk]]\nname='a'\n", "f:3:3: trunk.name: each trunk needs a name of its own"},
		{"[[trunk]]\nname='a'\nchannels=-1\n", "f:3:10: trunk.channels: got integer, want a whole number"},
		{"[site]\nusual_monthly_bill = nan\n", "f:2:22: site.usual_monthly_bill"},
		{"[capture]\ninterfaces = ['']\n", "f:2:1: capture.interfaces: an empty string names nothing"},
		{"[capture]\ninterfaces = [1]\n", "f:2:1: capture.interfaces: got integer, want strings"},
		{"[http]\nlisten = 'localhost'\n", "f:2:10: http.listen: \"localhost\" is no address and port"},
		{"[site]\nname = { a = 1 }\n", "f:2:10: site.name.a: unknown key"},
		{"[capture]\ninterfaces = []\n", "f:2:1: capture.interfaces: an empty list"},
		{"[privacy]\nmask = 'last4'\n", "f:2:8: privacy.mask: \"last4\" is none of full, hide_last4, hashed, none"},
		{"[hep]\nlisten = ':9060'\n", "f:2:10: hep.listen: \":9060\" is no address and port"},
		{"[hep]\nsenders = ['192.0.2.0/33']\n", "f:2:1: hep.senders: \"192.0.2.0/33\" is neither an address nor a network"},
		{"[[store]]\ndir='/a'\n", "f:1:3: [[store]]: there is one of it: write [store]"},
		{"[site]\ntimezone = ''\n", "f:2:12: site.timezone"},
	} {
		_, err := Parse("f", []byte(c.in))
		if err == nil || !strings.HasPrefix(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: got %v, want one line %s…", c.in, err, c.want)
		}
	}
}

func TestLoadErrors(t *testing.T) {
	if _, err := Load("/nowhere/t.toml"); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "/nowhere/t.toml") {
		t.Errorf("got %v, want that the file is not there", err)
	}
	long := filepath.Join(t.TempDir(), "long")
	if err := os.WriteFile(long, make([]byte, itself.Most+1), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(long); err == nil || !strings.Contains(err.Error(), "1 MiB") {
		t.Errorf("got %v, want the length refused", err)
	}
}

// FuzzParse: a file is either a checked configuration or problems with places
// inside it, never both.
func FuzzParse(f *testing.F) {
	if raw, err := os.ReadFile(shipped); err == nil {
		f.Add(raw)
	}
	f.Add([]byte("trunk = [{name = 'a'}, 3]\nsite = {pbx = ['::1']}\n[[trunk]]\nchannels = 1"))
	f.Add([]byte("[trunk.name]\na=1\n[[site]]\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		c, err := Parse("f", raw)
		if err == nil {
			if country(c.Site.Country) != "" || timezone(c.Site.Timezone) != "" || loopback(c.HTTP.Listen) != "" {
				t.Fatalf("got an unchecked configuration %+v", c)
			}
			return
		}
		lines := strings.Count(string(raw), "\n") + 1
		for _, p := range err.(Problems) {
			if p.Line < 0 || p.Line > lines || p.Text == "" || strings.Contains(p.String(), "\n") {
				t.Fatalf("got problem %+v in %d lines", p, lines)
			}
		}
	})
}

func TestTheSpoolIsBounded(t *testing.T) {
	for text, want := range map[string]string{
		"spool_mb = 4":      "4 is not between 16 and 100000",
		"spool_mb = \"1G\"": "got string, want a whole number",
		"spool_days = 1.5":  "got float, want a whole number",
		"spool_days = 0":    "0 is not between 1 and 365",
	} {
		if _, err := Parse("t.toml", []byte("[influx]\n"+text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
}

// TestTheAddressOfInfluxDB is often pasted with what follows it; a proxy's path before
// the server is one that it has.
func TestTheAddressOfInfluxDB(t *testing.T) {
	for given, alone := range map[string]string{ // empty: it is right
		"http://h:8086": "", "http://h:8086/": "", "https://h/influx": "", "https://h/influx/": "", "https://[::1]:8086": "", "https://h/rewrite": "",
		"http://h:8086/write":                     "http://h:8086",
		"http://h:8086/query":                     "http://h:8086",
		"http://h:8086/write?db=x&u=box&p=secret": "http://h:8086",
		"http://h:8086/?db=x":                     "http://h:8086",
		"http://h:8086?":                          "http://h:8086",
		"http://h:8086/#/orgs/1":                  "http://h:8086",
		"https://h/api/v2":                        "https://h",
		"https://h/api/v2/write/":                 "https://h",
		"https://h/influx/api/v2/write?org=a":     "https://h/influx",
		"https://h/influx/write":                  "https://h/influx",
		"https://h:8181/api/v3/write_lp":          "https://h:8181",
	} {
		_, err := Parse("f", []byte("[influx]\nurl = \""+given+"\"\nbucket = \"b\"\n"))
		switch {
		case alone == "" && err != nil:
			t.Errorf("%s: got %v, want it taken", given, err)
		case alone != "" && (err == nil || !strings.HasPrefix(err.Error(), "f:2:7: influx.url: write the server's address alone, \""+alone+"\":") || strings.Contains(err.Error(), "secret")):
			t.Errorf("%s: got %v, want %s", given, err, alone)
		}
	}
	for _, port := range []string{"0", "65536", "99999"} {
		if _, err := Parse("f", []byte("[webhook]\nurl = \"http://h:"+port+"\"\n")); err == nil || !strings.Contains(err.Error(), "f:2:7: webhook.url: port "+port+": a port is") {
			t.Errorf("port %s: got %v", port, err)
		}
	}
}
