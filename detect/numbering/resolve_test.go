package numbering

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func plan(t testing.TB, country, outside string) *Plan {
	t.Helper()
	table, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	p, err := NewPlan(table, PlanConfig{Country: country, OutsidePrefix: outside})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// want is what a number must come out as.
type want struct {
	user    string
	e164    string
	country string
	class   Class
	reading string
	outside string
}

func check(t *testing.T, p *Plan, cases []want) {
	t.Helper()
	for _, w := range cases {
		n := p.Resolve(w.user, "")
		got := want{w.user, n.E164, n.Country, n.Class, n.Reading, n.Outside}
		if diff := cmp.Diff(w, got, cmp.AllowUnexported(want{})); diff != "" {
			t.Errorf("%q (-want +got):\n%s", w.user, diff)
		}
	}
}

func TestOnePlaceManyWays(t *testing.T) {
	ways := []string{
		"+13455550123", "0013455550123", "13455550123", "90013455550123", "00013455550123", "9 00 1345 555 0123",
		"+1 (345) 555-0123", "tel:+1-345-555-0123", "9+13455550123", "+0013455550123", "+13455550123;phone-context=example.com",
		"00 1.345.555.0123", "1234#0013455550123", "*31#0013455550123", "#31#0013455550123", "36510013455550123", "12340013455550123",
		"3455550123;phone-context=+1", "0013455550123,,22",
	}
	p := plan(t, "FR", "auto")
	for _, user := range ways {
		n := p.Resolve(user, "")
		if n.E164 != "+13455550123" || n.Country != "KY" || n.Class != HighRisk || n.Prefix != "1345" || n.Rate != 2 {
			t.Errorf("got %+v for %q, want the Cayman Islands", n, user)
		}
	}
}

func TestFrance(t *testing.T) {
	check(t, plan(t, "FR", "auto"), []want{
		{"0123456789", "+33123456789", "FR", Domestic, ReadNational, ""},
		{"+33 (0)1 23 45 67 89", "+33123456789", "FR", Domestic, ReadE164, ""},
		{"33123456789", "+33123456789", "FR", Domestic, ReadBare, ""},
		{"0033123456789", "+33123456789", "FR", Domestic, ReadInternational, ""},
		{"123456789", "+33123456789", "FR", Domestic, ReadNational, ""},
		{"0612345678", "+33612345678", "FR", Mobile, ReadNational, ""},
		{"00612345678", "+33612345678", "FR", Mobile, ReadNational, "0"},
		{"90612345678", "+33612345678", "FR", Mobile, ReadNational, "9"},
		{"120612345678", "+33612345678", "FR", Mobile, ReadNational, "12"},
		{"36510612345678", "+33612345678", "FR", Mobile, ReadNational, ""},
		{"07001234567890", "+337001234567890", "FR", Mobile, ReadNational, ""},
		{"0800123456", "+33800123456", "FR", TollFree, ReadNational, ""},
		{"0899123456", "+33899123456", "FR", NationalPremium, ReadNational, ""},
		{"0820123456", "+33820123456", "FR", NationalPremium, ReadNational, ""},
		{"0262123456", "+262262123456", "RE", Domestic, ReadNational, ""},
		{"0639123456", "+262639123456", "YT", Domestic, ReadNational, ""},
		{"0639981234", "+33639981234", "FR", Mobile, ReadNational, ""},
		{"0692123456", "+262692123456", "RE", Domestic, ReadNational, ""},
		{"0690123456", "+590690123456", "GP", Domestic, ReadNational, ""},
		{"0596123456", "+596596123456", "MQ", Domestic, ReadNational, ""},
		{"+22720304050", "+22720304050", "NE", HighRisk, ReadE164, ""},
		{"22720304050", "+22720304050", "NE", HighRisk, ReadBare, ""},
		{"0050021234", "+50021234", "FK", HighRisk, ReadInternational, ""},
		{"50021234", "+50021234", "FK", HighRisk, ReadBare, ""},
		{"97239287044", "+97239287044", "IL", International, ReadBare, ""},
		{"900972592123456", "+972592123456", "PS", HighRisk, ReadInternational, "9"},
		{"00447781123456", "+447781123456", "GG", International, ReadInternational, ""},
		{"0037123456789", "+37123456789", "LV", HighRisk, ReadInternational, ""},
		{"003227001234", "+3227001234", "BE", International, ReadInternational, ""},
		{"0012025550123", "+12025550123", "US", International, ReadInternational, ""},
		{"0014165550123", "+14165550123", "CA", International, ReadInternational, ""},
		{"00881612345678", "+881612345678", "001", Satellite, ReadInternational, ""},
		{"+979123456789", "+979123456789", "001", InternationalPremium, ReadE164, ""},
		{"+21012345678", "+21012345678", "", HighRisk, ReadE164, ""},
		{"0210123456", "+33210123456", "FR", Domestic, ReadNational, ""},
	})
}

func TestShortAndEmergency(t *testing.T) {
	auto := []want{
		{"15", "", "FR", Emergency, ReadEmergency, ""},
		{"112", "", "FR", Emergency, ReadEmergency, ""},
		{"0112", "", "FR", Emergency, ReadEmergency, "0"},
		{"9112", "", "FR", Emergency, ReadEmergency, "9"},
		{"017", "", "FR", Emergency, ReadEmergency, "0"},
		{"+3317", "", "FR", Emergency, ReadEmergency, ""},
		{"116000", "", "FR", Emergency, ReadEmergency, ""},
		{"1512345678", "", "", Unparsed, ReadUnknown, ""},
		{"1121", "", "", Internal, ReadInternal, ""},
		{"915", "", "", Internal, ReadInternal, ""},
		{"116006", "", "FR", TollFree, ReadShort, ""},
		{"118218", "", "FR", NationalPremium, ReadShort, ""},
		{"3615", "", "FR", NationalPremium, ReadShort, ""},
		{"03615", "", "FR", NationalPremium, ReadShort, "0"},
		{"93615", "", "", Internal, ReadInternal, ""},
		{"3010", "", "FR", TollFree, ReadShort, ""},
		{"1023", "", "FR", Domestic, ReadShort, ""},
		{"36155", "", "", Internal, ReadInternal, ""},
		{"204", "", "", Internal, ReadInternal, ""},
		{"0", "", "", Internal, ReadInternal, ""},
		{"urn:service:sos.police", "", "FR", Emergency, ReadEmergency, ""},
	}
	check(t, plan(t, "FR", "auto"), auto)
	check(t, plan(t, "FR", "9"), []want{
		{"915", "", "FR", Emergency, ReadEmergency, "9"},
		{"93615", "", "FR", NationalPremium, ReadShort, "9"},
		{"112", "", "FR", Emergency, ReadEmergency, ""},
	})
	check(t, plan(t, "FR", "none"), []want{
		{"9112", "", "", Internal, ReadInternal, ""},
		{"90612345678", "", "", Unparsed, ReadUnknown, ""},
	})
	n := plan(t, "FR", "auto").Resolve("3001", "")
	if !n.MayBeExtension() {
		t.Errorf("got %+v for 3001, want a short code that may be an extension", n)
	}
}

func TestWhatIsNoNumber(t *testing.T) {
	check(t, plan(t, "FR", "auto"), []want{
		{"", "", "", Unparsed, ReadUnknown, ""},
		{"alice", "", "", Internal, ReadName, ""},
		{"voi18063", "", "", Internal, ReadName, ""},
		{"a0013455550123", "", "", Unparsed, ReadUnknown, ""},
		{"+1345", "", "KY", Unparsed, ReadE164, ""},
		{"+1345555012345678", "", "KY", Unparsed, ReadE164, ""},
		{"+134555501234567", "+134555501234567", "KY", HighRisk, ReadE164, ""},
		{"012345", "", "FR", Unparsed, ReadNational, ""},
		{"089912345678", "+3389912345678", "FR", NationalPremium, ReadNational, ""},
		{"01113455550123", "", "KY", Unparsed, ReadTechnical, ""},
		{"901113455550123", "", "KY", Unparsed, ReadTechnical, ""},
		{"900134555501234", "+134555501234", "KY", HighRisk, ReadInternational, "9"},
		{"*98", "", "", Unparsed, ReadFeature, ""},
		{"**101", "", "", Unparsed, ReadFeature, ""},
		{"99999999999999999999999999999999999999999999999999999999", "", "", Unparsed, ReadUnknown, ""},
		{"anonymous", "", "", Internal, ReadName, ""},
	})
}

func TestForwardingCodes(t *testing.T) {
	p := plan(t, "FR", "auto")
	for user, forward := range map[string]bool{
		"*21*0013455550123#": true, "**21*0013455550123*11#": true, "*21*+13455550123#": true, "*720013455550123": true,
		"*56*00013455550123#": true, "*31#0013455550123": false, "*670013455550123": false,
	} {
		n := p.Resolve(user, "")
		if n.Country != "KY" || n.Class != HighRisk || n.Forward != forward {
			t.Errorf("got %+v for %q, want the Cayman Islands, forward %v", n, user, forward)
		}
	}
	if n := p.Resolve("*21*204#", ""); n.Class != Internal || !n.Forward {
		t.Errorf("got %+v for a forward to an extension", n)
	}
}

func TestOtherHomes(t *testing.T) {
	check(t, plan(t, "BE", "auto"), []want{
		{"0033123456789", "+33123456789", "FR", International, ReadInternational, ""},
		{"0033612345678", "+33612345678", "FR", International, ReadInternational, ""},
		{"0033899123456", "+33899123456", "FR", InternationalPremium, ReadInternational, ""},
		{"00262262123456", "+262262123456", "RE", International, ReadInternational, ""},
		{"02270123", "", "BE", Unparsed, ReadNational, ""}, // a digit short
		{"027001234", "+3227001234", "BE", Domestic, ReadNational, ""},
		{"0470123456", "+32470123456", "BE", Mobile, ReadNational, ""},
		{"090012345", "+3290012345", "BE", NationalPremium, ReadNational, ""},
		{"100", "", "BE", Emergency, ReadEmergency, ""},
		{"9100", "", "", Internal, ReadInternal, ""},
		{"15", "", "", Internal, ReadInternal, ""},
		{"3615", "", "", Internal, ReadInternal, ""},
		{"0013455550123", "+13455550123", "KY", HighRisk, ReadInternational, ""},
	})
	check(t, plan(t, "US", "auto"), []want{
		{"13455550123", "+13455550123", "KY", HighRisk, ReadNational, ""},
		{"3455550123", "+13455550123", "KY", HighRisk, ReadNational, ""},
		{"913455550123", "+13455550123", "KY", HighRisk, ReadNational, "9"},
		{"92025550123", "+12025550123", "US", Domestic, ReadNational, "9"},
		{"2025550123", "+12025550123", "US", Domestic, ReadNational, ""},
		{"12025550123", "+12025550123", "US", Domestic, ReadNational, ""},
		{"18005550123", "+18005550123", "US", TollFree, ReadNational, ""},
		{"19005550123", "+19005550123", "US", NationalPremium, ReadNational, ""},
		{"14165550123", "+14165550123", "CA", International, ReadNational, ""},
		{"01133123456789", "+33123456789", "FR", International, ReadInternational, ""},
		{"9011 33 1 23 45 67 89", "+33123456789", "FR", International, ReadInternational, "9"},
		{"33123456789", "+33123456789", "FR", International, ReadBare, ""},
		{"911", "", "US", Emergency, ReadEmergency, ""},
		{"9911", "", "US", Emergency, ReadEmergency, "9"},
		{"112", "", "US", Emergency, ReadEmergency, ""},
		{"0033123456789", "", "FR", Unparsed, ReadTechnical, ""},
	})
	check(t, plan(t, "CA", "auto"), []want{
		{"14165550123", "+14165550123", "CA", Domestic, ReadNational, ""},
		{"19005550123", "+19005550123", "US", NationalPremium, ReadNational, ""},
		{"12025550123", "+12025550123", "US", International, ReadNational, ""},
	})
	check(t, plan(t, "GB", "auto"), []want{
		{"02079460123", "+442079460123", "GB", Domestic, ReadNational, ""},
		{"902079460123", "+442079460123", "GB", Domestic, ReadNational, "9"},
		{"07911123456", "+447911123456", "GB", Mobile, ReadNational, ""},
		{"07781123456", "+447781123456", "GG", International, ReadNational, ""},
		{"09091234567", "+449091234567", "GB", NationalPremium, ReadNational, ""},
		{"999", "", "GB", Emergency, ReadEmergency, ""},
	})
	check(t, plan(t, "DE", "auto"), []want{
		{"03012345678", "+493012345678", "DE", Domestic, ReadNational, ""},
		{"003012345678", "+493012345678", "DE", Domestic, ReadNational, "0"},
		{"01711234567", "+491711234567", "DE", Mobile, ReadNational, ""},
		{"12345678", "", "DE", Domestic, ReadLocal, ""},
		{"00371234567890123", "+371234567890123", "LV", HighRisk, ReadInternational, ""}, // no way to look domestic
		{"905321234567", "+905321234567", "TR", International, ReadBare, ""},
		{"110", "", "DE", Emergency, ReadEmergency, ""},
	})
	check(t, plan(t, "ES", "auto"), []want{
		{"912345678", "+34912345678", "ES", Domestic, ReadNational, ""},
		{"0612345678", "+34612345678", "ES", Mobile, ReadNational, "0"},
		{"0033123456789", "+33123456789", "FR", International, ReadInternational, ""},
		{"34912345678", "+34912345678", "ES", Domestic, ReadBare, ""},
	})
	check(t, plan(t, "IT", "auto"), []want{
		{"0612345678", "+390612345678", "IT", Domestic, ReadNational, ""},
		{"3471234567", "+393471234567", "IT", Mobile, ReadNational, ""},
		{"33123456789", "+33123456789", "FR", International, ReadBare, ""},
	})
	check(t, plan(t, "LV", "auto"), []want{
		{"67123456", "+37167123456", "LV", Domestic, ReadNational, ""},
		{"90123456", "+37190123456", "LV", NationalPremium, ReadNational, ""},
	})
}
