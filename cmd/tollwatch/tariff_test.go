package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"tollwatch/sensor/record"
)

// TestTariff: with the price list and the cap of the documents the example's theft
// is told by the customer's prices, and the cap when it is consumed.
func TestTariff(t *testing.T) {
	prices, err := filepath.Abs("../../docs/example/tariff.csv")
	if err != nil {
		t.Fatal(err)
	}
	config := write(t, "tollwatch.toml", "[tariff]\nfile = \""+prices+"\"\n[[tariff.cap]]\nclass = \"high_risk\"\nper_day = 20\n")
	code, stdout, stderr := run(t, nil, "replay", "--json", "--config", config, example)
	if code != 0 {
		t.Fatalf("got status %d, %s", code, stderr)
	}
	var last record.Alert
	consumed := 0
	for line := range strings.Lines(stdout) {
		var a record.Alert
		if json.Unmarshal([]byte(line), &a) != nil || !strings.HasPrefix(line, `{"type":"alert"`) {
			continue
		}
		last = a
		for _, r := range a.Reasons {
			if r.Rule == "spend_cap" && a.Event != "updated" && a.Event != "closed" && strings.Contains(r.Text, "of 20.00 EUR today") {
				consumed++
			}
		}
	}
	if last.Tariff != "customer" || last.SpentLowEUR != last.SpentEUR || last.SpentHighEUR != last.SpentEUR || last.SpentEUR < 20 || consumed == 0 {
		t.Errorf("got %.2f to %.2f EUR around %.2f by the %s tariff, the cap told %d times", last.SpentLowEUR, last.SpentHighEUR, last.SpentEUR, last.Tariff, consumed)
	}
	t.Logf("%.2f EUR, the cap told %d times", last.SpentEUR, consumed)
}
