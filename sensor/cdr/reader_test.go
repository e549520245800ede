package cdr

import (
	"errors"
	"io"
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
			return records, faults, r.Format()
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
		"freepbx":  {"\xef\xbb\xbfcalldate,clid,src,dst,dcontext,duration,billsec,disposition,uniqueid\r\n2026-03-06 09:30:00,\"Anna, 204\",204,00442079460123,from-internal,74,65,ANSWERED,1\r\n2026-03-06 09:40:00,205,205,0199008123,x,20,0,BUSY,2\r\n", nil, want},
		"3cx":      {"Call Time,Caller ID,Destination,Status,Ringing,Talking,Cost,Reason\n2026-03-06 09:30:00,Anna (204),00442079460123,Answered,00:00:09,00:01:05,,\n2026-03-06 09:40:00,Bert (205),0199008123,Unanswered,00:00:20,00:00:00,,\n", nil, want},
		"generic":  {"Poste;Date;Num\xe9ro appel\xe9;Dur\xe9e;Montant\n204;06/03/2026 09:30:00;00 44 20 79 46 01 23;00:01:05;1.234,56 €\n205;06/03/2026 09:40:00;01.99.00.81.23;0;\n", &generic, priced},
		"numbered": {"06.03.2026|09:30:00|00442079460123|1:05|204\n06.03.2026|09:40:00|0199008123|0|205\n", &numbered, want},
	} {
		got, faults, format := all(t, c.text, Options{Format: c.format})
		for i := range got {
			got[i].Line = 0
		}
		if diff := cmp.Diff(c.want, got); diff != "" || len(faults) > 0 {
			t.Errorf("%s: faults %v, records (-want +got): %s", name, faults, diff)
		}
		if wantName := strings.Replace(name, "numbered", "generic", 1); format != wantName {
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

func TestUnknownFiles(t *testing.T) {
	for _, text := range []string{"", "\n\n", "a,b,c\n1,2,3\n", "<html>", strings.Repeat("y", 2*MaxRow), "\x00\x01\x02"} {
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
