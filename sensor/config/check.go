package config

import (
	"fmt"
	"net/netip"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"tollwatch/detect/calendar"
	"tollwatch/sensor/cdr"
)

// Checks return what is wrong with a text, or nothing.

func anything(string) string { return "" }

// optional lets an empty string pass.
func optional(check func(string) string) func(string) string {
	return func(s string) string {
		if s == "" {
			return ""
		}
		return check(s)
	}
}

func columns(s string) string {
	if _, err := cdr.ParseMapping(s); err != nil {
		return err.Error()
	}
	return ""
}

func nonEmpty(s string) string {
	if s == "" {
		return "an empty string names nothing"
	}
	return ""
}

func oneOf(words ...string) func(string) string {
	return func(s string) string {
		if slices.Contains(words, s) {
			return ""
		}
		return fmt.Sprintf("%q is none of %s", s, strings.Join(words, ", "))
	}
}

// countries are the codes of ISO 3166-1 alpha-2, and XK, which Kosovo's
// country code +383 goes by.
const countries = " AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS " +
	"BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET " +
	"FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO " +
	"IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH " +
	"MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM " +
	"PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG " +
	"TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW "

func country(s string) string {
	if len(s) == 2 && strings.Contains(countries, " "+s+" ") {
		return ""
	}
	return fmt.Sprintf("%q is no country: two capital letters of ISO 3166-1, FR for instance", s)
}

func opening(s string) string {
	if _, err := calendar.ParseOpening(s); err != nil {
		return fmt.Sprintf("%q: %v", s, err)
	}
	return ""
}

func holidays(s string) string {
	if _, err := calendar.ParseHolidays(s); err != nil {
		return err.Error()
	}
	return ""
}

func timezone(s string) string {
	if _, err := time.LoadLocation(s); err == nil && s != "" && s != "Local" {
		return ""
	}
	return fmt.Sprintf("%q is no time zone: a name like Europe/Paris", s)
}

func outsidePrefix(s string) string {
	dialled := s != "" && len(s) <= 4 && strings.Trim(s, "0123456789*#") == ""
	if s == "auto" || s == "none" || dialled {
		return ""
	}
	return fmt.Sprintf("%q is neither auto, none, nor one to four digits", s)
}

func ipAddress(s string) string {
	if a, err := netip.ParseAddr(s); err == nil && a.Zone() == "" {
		return ""
	}
	return fmt.Sprintf("%q is no IP address", s)
}

// prefix is the network that s names; not valid when it names none.
func prefix(s string) netip.Prefix {
	if a, err := netip.ParseAddr(s); err == nil && a.Zone() == "" {
		return netip.PrefixFrom(a, a.BitLen())
	}
	p, _ := netip.ParsePrefix(s)
	return p.Masked()
}

func network(s string) string {
	if prefix(s).IsValid() {
		return ""
	}
	return fmt.Sprintf("%q is neither an address nor a network: 192.0.2.7 or 192.0.2.0/24 for instance", s)
}

func endpoint(s string) string {
	if _, err := netip.ParseAddrPort(s); s == "" || err == nil {
		return ""
	}
	return fmt.Sprintf("%q is no address and port: 0.0.0.0:9060 for instance", s)
}

func address(s string) string {
	if s == "" {
		return ""
	}
	u, err := url.Parse(s)
	if err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.User == nil {
		return port(u.Port())
	}
	return fmt.Sprintf("%q is no address of a server: http:// or https://, a host, and no password in it", redacted(s, u))
}

func port(s string) string {
	if n, err := strconv.ParseUint(s, 10, 16); s == "" || err == nil && n > 0 {
		return ""
	}
	return fmt.Sprintf("port %s: a port is 1 to 65535", s)
}

// writeAddress is that of a server which the client adds its path to. A path may
// stand before that, of a proxy; the server's own is pasted by mistake, and a query
// would be lost. It may have a password, and is not told.
func writeAddress(s string) string {
	if wrong := address(s); wrong != "" || s == "" {
		return wrong
	}
	u, _ := url.Parse(s) // it can: it is an address
	base := strings.TrimRight(u.EscapedPath(), "/")
	for _, own := range [...]string{"/api/v2", "/api/v3"} {
		if i := strings.Index(base+"/", own+"/"); i >= 0 {
			base = base[:i]
		}
	}
	for _, own := range [...]string{"/write", "/query"} {
		base = strings.TrimSuffix(base, own)
	}
	if base == strings.TrimRight(u.EscapedPath(), "/") && !strings.ContainsAny(s, "?#") {
		return ""
	}
	return fmt.Sprintf("write the server's address alone, %q: what follows it the sensor adds itself, and bucket, org and token_file are keys of their own",
		u.Scheme+"://"+u.Host+base)
}

// redacted keeps a password out of the problem's text.
func redacted(s string, u *url.URL) string {
	if u != nil {
		return u.Redacted()
	}
	if strings.Contains(s, "@") {
		return "…"
	}
	return s
}

func absolute(s string) string {
	if filepath.IsAbs(s) {
		return ""
	}
	return fmt.Sprintf("%q is no absolute path", s)
}

func loopback(s string) string {
	if s == "" {
		return ""
	}
	a, err := netip.ParseAddrPort(s)
	if err != nil {
		return fmt.Sprintf("%q is no address and port: 127.0.0.1:8480 for instance", s)
	}
	if !a.Addr().IsLoopback() {
		return fmt.Sprintf("%q is open to the network, which needs TLS and a login: only 127.0.0.1 and [::1] can be served", s)
	}
	return ""
}
