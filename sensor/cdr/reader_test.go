package cdr

import (
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var paris = func() *time.Location {
	l, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		panic(err)
	}
	return l
}()

func at(h, m, s int) time.Time { return time.Date(2026, 3, 6, h, m, s, 0, paris) }

// all reads a file to its end.
func all(t *testing.T, text string, o Options) (records []Record, faults []string, format string) {
	t.Helper()
	o.Zone = paris
	r, err := NewReader("f.csv", strings.NewReader(text), o)
	if err != nil {
		t.Fatal(err)
	}
	for {
		rec, err := r.Next()
		var row *RowError
		switch {
		case errors.Is(err, io.EOF):
			return records, faults, r.Format().Name
		case errors.As(err, &row):
			faults = append(faults, err.Error())
		case err != nil:
			t.Fatal(err)
		default:
			records = append(records, rec)
		}
	}
}

// TestFormats: the same two calls, as each system exports them.
func TestFormats(t *testing.T) {
	want := []Record{
		{Start: at(9, 30, 0), Duration: 65 * time.Second, Answered: true, Extension: "204", Number: "00442079460123"},
		{Start: at(9, 40, 0), Extension: "205", Number: "0199008123"},
	}
	mapping, err := ParseMapping("start=Date,number=Numéro appelé,duration=Durée,extension=Poste,cost=Montant")
	if err != nil {
		t.Fatal(err)
	}
	generic, numbered := Generic(mapping), Generic(Mapping{Start: "2", Date: "1", Number: "3", Duration: "4", Extension: "5"})
	outbound := []Record{want[0], want[1]}
	outbound[0].Direction, outbound[1].Direction = Outbound, Outbound
	priced := []Record{want[0], want[1]}
	priced[0].Cost, priced[0].Priced = 1234.56, true
	for name, c := range map[string]struct {
		text   string
		format *Format
		want   []Record
	}{
		"asterisk": {`"","204","00442079460123","from-internal","""Anna"" <204>","PJSIP/204-1","PJSIP/op-2","Dial","PJSIP/x@op,300","2026-03-06 09:30:00","2026-03-06 09:30:09","2026-03-06 09:31:14",74,65,"ANSWERED","DOCUMENTATION","1772785800.1",""
"","205","0199008123","from-internal","205","PJSIP/205-1","","Dial","x","2026-03-06 09:40:00",,"2026-03-06 09:40:20",20,0,"NO ANSWER","DOCUMENTATION","1772785800.2",""
`, nil, want},
		"freepbx":      {"\xef\xbb\xbfcalldate,clid,src,dst,dcontext,duration,billsec,disposition,uniqueid\r\n2026-03-06 09:30:00,\"Anna, 204\",204,00442079460123,from-internal,74,65,ANSWERED,1\r\n2026-03-06 09:40:00,205,205,0199008123,x,20,0,BUSY,2\r\n", nil, want},
		"3cx 20":       {"Call Time,Call ID,From,To,Direction,Status,Ringing,Talking,Cost,Call Activity Details\n2026-03-06T09:30:00,0001,Anna (204),00442079460123,Outbound,Answered,00:00:09,00:01:05,,x\n2026-03-06T09:40:00,0002,Bert (205),0199008123,Outbound,Unanswered,00:00:20,,,y\n", nil, outbound},
		"freepbx cnum": {"calldate,src,cnum,dst,dcontext,billsec,disposition\n2026-03-06 09:30:00,0199008000,204,00442079460123,from-internal,65,ANSWERED\n2026-03-06 09:40:00,0199008000,205,0199008123,from-internal,0,NO ANSWER\n", nil, want},
		"3cx":          {"Call Time,Caller ID,Destination,Status,Ringing,Talking,Cost,Reason\n2026-03-06 09:30:00,Anna (204),00442079460123,Answered,00:00:09,00:01:05,,\n2026-03-06 09:40:00,Bert (205),0199008123,Unanswered,00:00:20,00:00:00,,\n", nil, want},
		"generic":      {"Poste;Date;Num\xe9ro appel\xe9;Dur\xe9e;Montant\n204;06/03/2026 09:30:00;00 44 20 79 46 01 23;00:01:05;1.234,56 €\n205;06/03/2026 09:40:00;01.99.00.81.23;0;\n", &generic, priced},
		"numbered":     {"06.03.2026|09:30:00|00442079460123|1:05|204\n06.03.2026|09:40:00|0199008123|0|205\n", &numbered, want},
	} {
		got, faults, format := all(t, c.text, Options{Format: c.format})
		for i := range got {
			got[i].Line = 0
		}
		if diff := cmp.Diff(c.want, got); diff != "" || len(faults) > 0 {
			t.Errorf("%s: faults %v, records (-want +got): %s", name, faults, diff)
		}
		if wantName, _, _ := strings.Cut(strings.Replace(name, "numbered", "generic", 1), " "); format != wantName {
			t.Errorf("%s: got format %s", name, format)
		}
	}
}

// TestBrokenRows: each is told with its line; the others are read.
func TestBrokenRows(t *testing.T) {
	text := "calldate,src,dst,billsec,disposition\n" +
		"2026-03-06 09:30:00,204,0199008123,5,ANSWERED\n" + // 2
		"yesterday,204,0199008123,5,ANSWERED\n" + // 3
		"\n" +
		"2026-03-06 09:30:00,204,,5,ANSWERED\n" + // 5
		"2026-03-06 09:30:00\n" + // 6
		"2026-03-06 09:30:00,\"two\nlines\",0199008123,5,ANSWERED\n" + // 7, 8
		"2026-03-06 09:30:00,204,0199008123,-5,ANSWERED\n" + // 9
		"2026-03-06 09:30:00,204,0199008123,99999999999999999999,ANSWERED\n" + // 10
		strings.Repeat("x", 3*MaxRow) + "\n" + // 11
		strings.Repeat(",", 2*maxFields) + "\n" + // 12
		"2026-03-06 09:50:00,204,01990\x0008124,7,ANSWERED" // 13, with no line break behind it
	records, faults, _ := all(t, text, Options{})
	lines := []int{}
	for _, r := range records {
		lines = append(lines, r.Line)
	}
	if diff := cmp.Diff([]int{2, 7, 13}, lines); diff != "" {
		t.Errorf("records (-want +got): %s", diff)
	}
	for i, line := range []string{"f.csv:3:", "f.csv:5:", "f.csv:6:", "f.csv:9:", "f.csv:10:", "f.csv:11:", "f.csv:12:"} {
		if i >= len(faults) || !strings.HasPrefix(faults[i], line) {
			t.Fatalf("got faults %v, want one at each of lines 3, 5, 6, 9 to 12", faults)
		}
	}
	if records[2].Number != "0199008124" {
		t.Errorf("got number %q", records[2].Number)
	}
}

// TestQuotes: a stray quote does no harm, and one that is never closed costs its
// own line.
func TestQuotes(t *testing.T) {
	text := "calldate,clid,src,dst,billsec,disposition\n" +
		`2026-03-06 09:30:00,Bob 5" screen,201,0199008121,5,ANSWERED` + "\n" +
		`2026-03-06 09:30:00,"Bob ""5"" ""screen""",202,0199008122,5,ANSWERED` + "\n" +
		`2026-03-06 09:30:00,"Bob" the builder,203,0199008123,5,ANSWERED` + "\n" + // closed by nothing
		strings.Repeat("2026-03-06 09:30:00,,204,0199008124,5,ANSWERED\n", 2000) +
		`2026-03-06 09:30:00,"Bob,205,0199008125,5,ANSWERED` + "\n" + // and nothing behind it
		"2026-03-06 09:30:00,,206,0199008126,5,ANSWERED"
	records, faults, _ := all(t, text, Options{})
	if len(records) != 2003 || len(faults) != 2 || !strings.HasPrefix(faults[0], "f.csv:4: ") || !strings.HasPrefix(faults[1], "f.csv:2005: ") {
		t.Errorf("got %d records and %v, want 2003 and faults of lines 4 and 2005", len(records), faults)
	}
	for i, want := range map[int]string{0: "201", 1: "202", 2: "204", 2002: "206"} {
		if i < len(records) && records[i].Extension != want {
			t.Errorf("record %d: got %s, want %s", i, records[i].Extension, want)
		}
	}
}

// TestTitleWithAQuote: one that is never closed does not hide the header.
func TestTitleWithAQuote(t *testing.T) {
	records, _, _ := all(t, "\"Calls of March\ncalldate,src,dst,billsec\n2026-03-06 09:30:00,204,0199008123,5\n", Options{})
	if len(records) != 1 {
		t.Errorf("got %d records, want one", len(records))
	}
}

// TestDayOrMonth: a file writes all of its dates one way, and is not read in two.
func TestDayOrMonth(t *testing.T) {
	mapping := Generic(Mapping{Start: "When", Number: "To", Duration: "Sec"})
	const head, tail = "When;To;Sec\n", ";0199008123;5\n"
	for _, c := range []struct {
		days []string
		want string // of the first
	}{
		{[]string{"03/04/2026 10:00", "04/04/2026 10:00"}, "2026-04-03"},
		{[]string{"03/04/2026 10:00", "03/25/2026 10:00"}, "2026-03-04"},
		{[]string{"3/4/2026 9:00:00 AM", "3/25/2026 10:00:00 PM"}, "2026-03-04"},
		{[]string{"03/04/2026 10:00", "25/03/2026 10:00"}, "2026-04-03"},
		{[]string{"03/04/2026 10:00", "25/03/2026 10:00", "03/25/2026 10:00"}, "2026-04-03"},
	} {
		records, faults, _ := all(t, head+strings.Join(c.days, tail)+tail, Options{Format: &mapping})
		if len(records) < 2 || records[0].Start.Format(time.DateOnly) != c.want || len(faults) != len(c.days)-2 {
			t.Errorf("%v: got %v and faults %v, want %s first", c.days, records, faults, c.want)
		}
	}
}

// TestWhatStandsAround: titles before the header and sums behind the rows are no
// records; calls that came from outside are told by Asterisk's context; € is
// where Windows has it.
func TestWhatStandsAround(t *testing.T) {
	mapping := Generic(Mapping{Start: "Date", Number: "Num\u00e9ro", Duration: "Dur\u00e9e", Cost: "Prix (€)"})
	records, faults, _ := all(t, "Facture 4711, mars 2026\r\n\r\nClient;Exemple SARL\r\nDate;Num\xe9ro;Dur\xe9e;Prix (\x80)\r\n06/03/2026 09:30;0199008123;5;0,10\r\nTotal;;5;0,10\r\n", Options{Format: &mapping})
	if len(records) != 1 || len(faults) != 1 || records[0].Cost != .1 {
		t.Errorf("got %v, %v", records, faults)
	}
	records, _, _ = all(t, "calldate,src,dst,dcontext,billsec,disposition\n2026-03-06 09:30:00,0199008123,0199008000,from-trunk-sip-a,5,ANSWERED\n2026-03-06 09:30:00,204,0199008123,internal,5,ANSWERED\n", Options{})
	if len(records) != 2 || records[0].Direction != Inbound || records[1].Direction != 0 {
		t.Errorf("got %v, want one from outside", records)
	}
}

// endless is a byte, again and again.
type endless byte

func (e endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte(e)
	}
	return len(b), nil
}

// TestMemoryOfARow: a field of 32 MiB, or as many quotes or line breaks, costs no
// more than a row may.
func TestMemoryOfARow(t *testing.T) {
	for _, c := range []byte("x\",\n\x00") {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		head := strings.NewReader("calldate,src,dst,billsec,disposition\n2026-03-06 09:30:00,\"")
		r, err := NewReader("f", io.MultiReader(head, io.LimitReader(endless(c), 32<<20)), Options{})
		for err == nil || !errors.Is(err, io.EOF) {
			var row *RowError
			if _, err = r.Next(); err != nil && !errors.Is(err, io.EOF) && !errors.As(err, &row) {
				t.Fatal(err)
			}
		}
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; used > 4<<20 {
			t.Errorf("%q: took %d KiB", c, used>>10)
		}
	}
}

func TestUnknownFiles(t *testing.T) {
	for _, text := range []string{"", "\n\n", "a,b,c\n1,2,3\n", "<html>", strings.Repeat("y", 2*MaxRow), "\x00\x01\x02", "\xff\xfea\x00"} {
		if _, err := NewReader("f.csv", strings.NewReader(text), Options{}); err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%.20q: got %v, want one line that says what is wrong", text, err)
		}
	}
}

func TestMappings(t *testing.T) {
	for _, bad := range []string{"", "start", "start=a", "begin=a,number=b"} {
		if _, err := ParseMapping(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestMoney(t *testing.T) {
	for s, want := range map[string]float64{"0,05 €": .05, "1.234,56": 1234.56, "1,234.56": 1234.56, "-3": -3, "€12": 12, "0.1": .1} {
		if got, err := money(s); got != want || err != nil {
			t.Errorf("%s: got %g, %v, want %g", s, got, err, want)
		}
	}
	if _, err := money("free"); err == nil {
		t.Error("free was taken for an amount")
	}
}

// FuzzReader: whatever a file holds, each row is a record that is sound or a
// fault, and reading ends.
func FuzzReader(f *testing.F) {
	f.Add("calldate,src,dst,billsec,disposition\n2026-03-06 09:30:00,204,0199008123,5,ANSWERED\n")
	f.Add("Call Time;Caller ID;Destination;Status;Ringing;Talking\n\"a\n")
	f.Add("a\ncalldate;src;dst;billsec\n\n03/25/2026 9:30;\"2\"\"\n\";1;5")
	f.Add("\xef\xbb\xbf\"\",\"\"\n")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := NewReader("f", strings.NewReader(text), Options{})
		if err != nil {
			return
		}
		for range len(text) + 2 {
			rec, err := r.Next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err == nil && (rec.Number == "" || rec.Duration < 0 || rec.Duration > longest || rec.Line < 1) {
				t.Errorf("got %+v", rec)
			}
		}
		t.Errorf("%q: no end", text)
	})
}
