package config

import (
	"strings"
	"testing"
)

// TestMistakesInTOML that people make are told in words, at their place.
func TestMistakesInTOML(t *testing.T) {
	text := func(word string) string {
		return word + ` is neither a number, true nor false: text stands in quotation marks, "` + word + `"`
	}
	for in, want := range map[string]string{
		"bucket = tollwatch":             "2:10: " + text("tollwatch"),
		"  bucket =   tollwatch # c":     "2:14: " + text("tollwatch"),
		"bucket=calls\r":                 "2:8: " + text("calls"),
		"bucket = false_calls":           "2:10: " + text("false_calls"),
		"bucket = nanterre":              "2:10: " + text("nanterre"),
		"url = http://a.example:8086":    "2:7: " + text("http://a.example:8086"),
		"url = 10.0.0.1:8086":            "2:7: " + text("10.0.0.1:8086"),
		"token_file = /etc/x":            "2:14: " + text("/etc/x"),
		"spool_mb = 1G":                  "2:12: " + text("1G"),
		"x = [eth1]":                     "2:6: " + text("eth1"),
		"x = [\n \"a\",\n eth2]":         "4:2: " + text("eth2"),
		"x = {b = c}":                    "2:10: " + text("c"),
		"bucket =":                       "2:9: a value is missing after the =",
		"bucket = # none":                "2:10: a value is missing after the =",
		"bucket = “tollwatch”":           "2:10: quotation marks are straight ones",
		"bucket = \"a":                   "2:12: the quotation mark at the end is missing",
		"bucket = 'a":                    "2:12: the quotation mark at the end is missing",
		"x = True":                       "2:5: write true in small letters",
		"bucket tollwatch":               "2:8: a line has the form key = value",
		"url: x":                         "2:4: a line has the form key = value",
		`token_file = "C:\Users\x"`:      "",
		"bucket = \"a\" b":               "2:14: expected newline but got",
		"x = " + strings.Repeat("y", 99): "2:5: text stands in quotation marks",
	} {
		_, err := Parse("f", []byte("[influx]\n"+in+"\n"))
		if err == nil || !strings.HasPrefix(err.Error(), "f:"+want) || strings.Contains(err.Error(), "toml:") || strings.ContainsAny(err.Error(), "\r\n") {
			t.Errorf("%q: got %v, want f:%s", in, err, want)
		}
		if want == "" && !strings.Contains(err.Error(), `write '…'`) {
			t.Errorf("%q: got %v, want how a \\ is written", in, err)
		}
	}
}

// TestAMisspeltKey: the nearest of its section is asked for, and none where none is near.
func TestAMisspeltKey(t *testing.T) {
	for in, want := range map[string]string{
		"ulr = 1":          "is url meant? [influx]",
		"URL = 1":          "is url meant? [influx]",
		"buket = 1":        "is bucket meant? [influx]",
		"bucket_alert = 1": "is bucket_alerts meant? [influx]",
		"tokenfile = 1":    "is token_file meant? [influx]",
		"ogr = 1":          "is org meant? [influx]",
		"password = 1":     "unknown key: [influx]",
		"x = 1":            "unknown key: [influx]",
	} {
		if _, err := Parse("f", []byte("[influx]\n"+in+"\n")); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", in, err, want)
		}
	}
	if got := mistakes(strings.Repeat("a", 1<<20), "a"); got < 40 {
		t.Errorf("got %d mistakes of a word that is no key", got)
	}
}
