package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"tollwatch/sensor/lab/packets"
	"tollwatch/sensor/lab/scenario"
	"tollwatch/sensor/lab/truth"
)

// week is a week of an office: its capture, and its answered calls out.
func week(t *testing.T) (capture string, calls []truth.Call) {
	t.Helper()
	p, ok := scenario.Lookup("office")
	if !ok {
		t.Fatal("no office")
	}
	p.Length = 5 * 24 * time.Hour
	dir := t.TempDir()
	capture = filepath.Join(dir, "week.pcap")
	pcap, err := os.Create(capture)
	if err != nil {
		t.Fatal(err)
	}
	facts, err := os.Create(filepath.Join(dir, "week.json"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := packets.Generate(t.Context(), p, 3, pcap, facts); err != nil {
		t.Fatal(err)
	}
	pcap.Close()
	facts.Close()
	b, err := os.ReadFile(facts.Name())
	if err != nil {
		t.Fatal(err)
	}
	var all struct{ Calls []truth.Call }
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatal(err)
	}
	for _, c := range all.Calls {
		if c.Direction == "outbound" && c.Answer != nil {
			calls = append(calls, c)
		}
	}
	return capture, calls
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestReconcile is docs/cdr.md's example: an invoice whose clock is wrong, with
// a call that was never seen and a country that costs more than the table says.
func TestReconcile(t *testing.T) {
	capture, calls := week(t)
	dir := filepath.Join(t.TempDir(), "store")
	if code, _, stderr := run(t, nil, "replay", "--store", dir, capture); code != 0 {
		t.Fatal(stderr)
	}
	invoice := "Date;Numéro;Durée;Montant\n"
	for i, c := range calls {
		at := c.Start.Add(time.Hour + 20*time.Second) // UTC, and an hour and twenty seconds ahead
		invoice += fmt.Sprintf("%s;00%s;%.0f;%s\n", at.Format("02/01/2006 15:04:05"), c.Number[1:], c.Duration, strings.Replace(fmt.Sprintf("%.4f", c.Duration/60*.5), ".", ",", 1))
		if i == 9 {
			invoice += fmt.Sprintf("%s;0022710000012;600;20,00\n", at.Add(33*time.Minute).Format("02/01/2006 15:04:05"))
		}
	}
	file := write(t, "invoice.csv", invoice+"broken;row\n")
	args := []string{"reconcile", file, "--store", dir, "--timezone", "UTC", "--columns", "start=Date,number=Numéro,duration=Durée,cost=Montant"}
	code, stdout, stderr := run(t, nil, args...)
	for _, want := range []string{fmt.Sprintf("%d billed calls of 2026-02-02 to 2026-02-06, %d of them seen", len(calls)+1, len(calls)), "USED ELSEWHERE: " + file + ":12 ", "+22710000012, 10m0s, 20.00 €", "cost 0.5000 € a minute"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("got %s, want %q in it", stdout, want)
		}
	}
	if code != 1 || !strings.Contains(stderr, fmt.Sprintf("invoice.csv:%d:", len(calls)+3)) || !strings.Contains(stderr, "1 rows that could not be read") || strings.Count(stdout, "USED ELSEWHERE") != 1 {
		t.Errorf("got status %d and %s", code, stderr)
	}
	if _, alerts, _ := run(t, nil, "alerts", "--store", dir, "--json"); !strings.Contains(alerts, `"scheme":"trunk"`) || !strings.Contains(alerts, `"level":"critical"`) {
		t.Error("the alert is not kept")
	}
	code, stdout, _ = run(t, nil, append(args, "--json")...)
	lines := strings.Split(strings.TrimSpace(stdout), "\n")
	for _, line := range lines {
		if !json.Valid([]byte(line)) {
			t.Errorf("no JSON: %s", line)
		}
	}
	if last := lines[len(lines)-1]; code != 1 || !strings.Contains(last, `"used_elsewhere":1`) || !strings.Contains(last, `"rates":{}`) {
		t.Errorf("got %s: the prices were corrected before", last)
	}
	clean := write(t, "clean.csv", strings.Replace(invoice, "0022710000012;600;20,00", "0022710000012;0;0", 1))
	args[1] = clean
	if code, stdout, _ := run(t, nil, args...); code != 0 || strings.Contains(stdout, "ELSEWHERE") {
		t.Errorf("a clean invoice: got status %d, %s", code, stdout)
	}
}

// TestStateFromRecords: a site that starts with its past knows its countries,
// and what was learned can be carried elsewhere.
func TestStateFromRecords(t *testing.T) {
	master := ""
	at := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	for day := range 30 {
		for i := range 8 {
			start := at.AddDate(0, 0, day).Add(time.Duration(i) * time.Hour)
			master += fmt.Sprintf(`"","204","00442079460123","from-internal","","PJSIP/204-1","PJSIP/op-2","Dial","x","%s","%s","%s",130,120,"ANSWERED","DOCUMENTATION"`+"\n",
				start.Format(time.DateTime), start.Add(10*time.Second).Format(time.DateTime), start.Add(130*time.Second).Format(time.DateTime))
		}
	}
	night := at.AddDate(0, 0, 20).Add(17 * time.Hour)
	for i := range 60 {
		start := night.Add(time.Duration(i) * 4 * time.Second)
		master += fmt.Sprintf(`"","205","0022710000012","from-internal","","PJSIP/205-1","","Dial","x","%s","","",9,8,"ANSWERED","DOCUMENTATION"`+"\n", start.Format(time.DateTime))
	}
	file := write(t, "Master.csv", master+"nonsense\n")
	dir, other := filepath.Join(t.TempDir(), "a"), filepath.Join(t.TempDir(), "b")
	code, stdout, stderr := run(t, nil, "state", "import", file, "--store", dir)
	if code != 0 || !strings.Contains(stdout, "learned from 300 outbound calls of 2026-01-05 to 2026-02-03") ||
		!strings.Contains(stdout, "in the past: critical toll_fraud, extension 205") || !strings.Contains(stderr, "Master.csv:301: ") {
		t.Fatalf("got status %d, %s%s", code, stdout, stderr)
	}
	if code, _, stderr := run(t, nil, "state", "import", file, "--store", dir); code != 1 || !strings.Contains(stderr, "--replace") {
		t.Errorf("a second import: got status %d, %s", code, stderr)
	}
	sealed := filepath.Join(t.TempDir(), "site.json")
	if code, _, stderr := run(t, nil, "state", "export", "--store", dir, "-o", sealed); code != 0 {
		t.Fatal(stderr)
	}
	if code, stdout, stderr := run(t, nil, "state", "import", sealed, "--store", other); code != 0 || !strings.Contains(stdout, "had learned until") {
		t.Fatalf("got status %d, %s%s", code, stdout, stderr)
	}
	_, first, _ := run(t, nil, "state", "export", "--store", dir)
	_, second, _ := run(t, nil, "state", "export", "--store", other)
	if digest(t, first) != digest(t, second) {
		t.Error("the state is another after the journey")
	}
	b, err := os.ReadFile(sealed)
	if err != nil {
		t.Fatal(err)
	}
	damaged := write(t, "damaged.json", regexp.MustCompile(`"learned": ".`).ReplaceAllString(string(b), `"learned": "Z`))
	for _, bad := range [][]string{
		{"state", "import", damaged, "--store", other, "--replace"},
		{"state", "import", filepath.Join(t.TempDir(), "absent.csv"), "--store", other, "--replace"},
		{"state", "import", write(t, "empty.csv", ""), "--store", other, "--replace"},
		{"state", "export", "--store", t.TempDir()},
	} {
		if code, _, stderr := run(t, nil, bad...); code != 1 || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%v: got status %d, %q, want 1 and one line", bad, code, stderr)
		}
	}
	if _, after, _ := run(t, nil, "state", "export", "--store", other); digest(t, after) != digest(t, second) {
		t.Error("a failed import changed what was learned")
	}
}

// TestRecordsThatBeginLikeACapture: the magic of a capture in nanoseconds begins
// with the letter M, and so may the header of call records.
func TestRecordsThatBeginLikeACapture(t *testing.T) {
	file := write(t, "prices.csv", "Montant;Date;Numéro;Durée\n0,02;2026-02-02 09:00:00;00442079460123;60\n")
	code, stdout, stderr := run(t, nil, "state", "import", file, "--store", filepath.Join(t.TempDir(), "store"),
		"--columns", "cost=Montant,start=Date,number=Numéro,duration=Durée")
	if code != 0 || !strings.Contains(stdout, "learned from 1 outbound calls") {
		t.Errorf("got status %d, %s%s", code, stdout, stderr)
	}
}

func digest(t *testing.T, sealed string) string {
	t.Helper()
	var e struct{ SHA256 string }
	if err := json.Unmarshal([]byte(sealed), &e); err != nil || e.SHA256 == "" {
		t.Fatalf("%v in %.80s", err, sealed)
	}
	return e.SHA256
}

// TestStateFromCaptures: captures teach as records do.
func TestStateFromCaptures(t *testing.T) {
	capture, _ := week(t)
	dir := filepath.Join(t.TempDir(), "store")
	if code, _, stderr := run(t, nil, "state", "import", capture, "--store", dir); code != 0 {
		t.Fatal(stderr)
	}
	if code, stdout, _ := run(t, nil, "state", "export", "--store", dir); code != 0 || len(digest(t, stdout)) != 64 {
		t.Errorf("got status %d", code)
	}
}

// TestWorkedExample runs the commands of docs/cdr.md and compares what they print.
func TestWorkedExample(t *testing.T) {
	t.Chdir("../..")
	doc, err := os.ReadFile("docs/cdr.md")
	if err != nil {
		t.Fatal(err)
	}
	_, block, ok := strings.Cut(string(doc), "```console\n$ tollwatch ")
	block, _, ends := strings.Cut(block, "```")
	if !ok || !ends {
		t.Fatal("docs/cdr.md has no worked example")
	}
	dir := filepath.Join(t.TempDir(), "store")
	for i, part := range strings.Split(block, "\n$ tollwatch ") {
		line, want, _ := strings.Cut(part, "\n")
		code, got, stderr := run(t, nil, words(strings.Replace(line, "/tmp/lyon", dir, 1))...)
		if want != "…" && got != want {
			t.Errorf("tollwatch %s\ngot:\n%swant:\n%s", line, got, want)
		}
		if code != i { // the second finds a theft
			t.Errorf("tollwatch %s: got status %d, %s", line, code, stderr)
		}
	}
}

// words splits a command line as a shell does, as far as the documents need it.
func words(line string) (all []string) {
	for i, part := range strings.Split(line, "'") {
		if i%2 == 1 {
			all = append(all, part)
			continue
		}
		all = append(all, strings.Fields(part)...)
	}
	return all
}
