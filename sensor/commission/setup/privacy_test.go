package setup

import "testing"

// TestTheSheetSaysWhatLeaves, where anything does.
func TestTheSheetSaysWhatLeaves(t *testing.T) {
	sheet := func(privacy string, want ...string) {
		t.Helper()
		s := check(t, t.TempDir(), "[site]\nname = \"Lyon\"\n[capture]\ninterfaces = [\"lo\"]\n[store]\ndir = \"DIR/a\"\n"+
			"[influx]\nurl = \"http://127.0.0.1:1\"\nbucket = \"b\"\n[privacy]\n"+privacy)
		expect(t, s, "privacy", want...)
	}
	key := func(text string) string { return "key_file = \"" + secret(t, text) + "\"\n" }
	sheet("", "pass privacy hide_last4 public numbers go to InfluxDB without their last four digits")
	sheet("mask = \"full\"\n", "pass privacy full numbers, addresses and users go to InfluxDB as they are")
	sheet("mask = \"hashed\"\n", "pass privacy hashed numbers, addresses and users go to InfluxDB as hashes, with a key of this sensor's own")
	sheet("mask = \"hashed\"\n"+key("0123456789abcdef"), "pass privacy hashed numbers, addresses and users go to InfluxDB as hashes")
	sheet("mask = \"none\"\n", "pass privacy none no number, address or user goes to InfluxDB")
}
