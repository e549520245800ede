package tariff

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tollwatch/detect/numbering"
)

// priced is a number with the price of the list, if it has one.
func priced(l *numbering.PriceList, e164 string) (numbering.Number, bool) {
	n := numbering.Number{E164: e164, Class: numbering.International, Rate: 9}
	l.Price(&n, nil)
	return n, n.Tariff == numbering.Customer
}

func TestLongestPrefixWins(t *testing.T) {
	list, problems := Parse("t.csv", []byte("\ufeffprefix;name;price;fee;minimum;increment\r\n"+
		"+44;United Kingdom;0,05;;;\r\n447;UK mobile;0,21;0,10;30;15\r\n447624;\"Isle of Man; mobile\";0.35;;60;60\r\n1;USA;0;;;\r\n"))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for _, c := range []struct {
		number string
		talk   time.Duration
		want   float64
	}{
		{"+442071234567", time.Minute, .05},
		{"+447700900123", 10 * time.Second, .10 + .21/2},     // the minimum
		{"+447700900123", 31 * time.Second, .10 + .21*45/60}, // the next step
		{"+447700900123", 2 * time.Minute, .10 + .42},        // whole steps
		{"+447624000000", 61 * time.Second, .70},             // the longer prefix
		{"+12125550123", time.Hour, 0},                       // free is a price
	} {
		n, ok := priced(list, c.number)
		low, likely, high := n.CostBand(c.talk)
		if !ok || likely < c.want-1e-9 || likely > c.want+1e-9 || low != likely || high != likely || n.Tariff != numbering.Customer {
			t.Errorf("%s for %s: got %v to %v to %v EUR by %s, want %v by customer", c.number, c.talk, low, likely, high, n.Tariff, c.want)
		}
	}
	if n, ok := priced(list, "+33145670000"); ok || n.Rate != 9 || n.Tariff != numbering.Estimate {
		t.Errorf("got %+v, want the estimate of a number that the list does not cover", n)
	}
}

// TestCommasSeparate: then a point is decimal, and columns may stand in any order.
func TestCommasSeparate(t *testing.T) {
	list, problems := Parse("t.csv", []byte("Price,Prefix\n0.125,33\n"))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if n, ok := priced(list, "+33145670000"); !ok || n.Rate != .125 || list.Dearest() != .125 {
		t.Errorf("got %v, dearest %v, want 0.125", n.Rate, list.Dearest())
	}
}

func TestEveryProblem(t *testing.T) {
	_, problems := Parse("t.csv", []byte("prefix;price;minimum\n0033;0,1;\n33;free;1\n33;0,1;61s\n44;0,1;\n44;0,2;\n49;1.000,5;\n49\n3.3E+9;1;\n;1;\n7;-1;\n7;NaN;\n7;1000;\n"))
	want := []string{
		`t.csv:2:1: prefix: "0033": a prefix is 1 to 15 digits and begins with the code of a country`,
		`t.csv:3:4: price: "free" is no amount in EUR below 1000: write 0,35 or 0.35`,
		`t.csv:4:8: minimum: "61s" is no number of whole seconds up to 3600`,
		`t.csv:6:1: prefix: 44 has a price in line 5 already`,
		`t.csv:7:4: price: "1.000,5" is no amount in EUR below 1000: write 0,35 or 0.35`,
		`t.csv:8:1: got 1 fields, want 3 as in the headings`,
		`t.csv:9:1: prefix: "3.3E+9": a prefix is 1 to 15 digits and begins with the code of a country`,
		`t.csv:10:1: prefix: "": a prefix is 1 to 15 digits and begins with the code of a country`,
		`t.csv:11:3: price: "-1" is no amount in EUR below 1000: write 0,35 or 0.35`,
		`t.csv:12:3: price: "NaN" is no amount in EUR below 1000: write 0,35 or 0.35`,
		`t.csv:13:3: price: "1000" is no amount in EUR below 1000: write 0,35 or 0.35`,
	}
	if got := problems.Error(); got != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
}

func TestHeadings(t *testing.T) {
	for text, want := range map[string]string{
		"":                       "t.csv: no headings: the first line names the columns, prefix,name,price for instance",
		"prefix,price\n":         "t.csv: there is no price under the headings",
		"prefix;tarif\n33;1\n":   "t.csv:1:8: unknown column \"tarif\": there are prefix, name, price, fee, minimum, increment\nt.csv:1:1: price: this column is missing: the first line names the columns, separated by ;",
		"prefix,price,price\n":   "t.csv:1:14: price: this column stands twice",
		"prefix,price\n33,0,1\n": "t.csv:2:6: got 3 fields, want 2 as in the headings",
		"prefix,price\n\"33,1\n": "t.csv:2:7: extraneous or missing \" in quoted-field",
	} {
		if _, problems := Parse("t.csv", []byte(text)); problems.Error() != want {
			t.Errorf("%q: got\n%s\nwant\n%s", text, problems, want)
		}
	}
}

// TestBounds: a file of the wrong kind costs little, however long it is.
func TestBounds(t *testing.T) {
	var b strings.Builder
	b.WriteString("prefix,price\n")
	for i := range numbering.MaxPrices + 2 {
		fmt.Fprintf(&b, "44%05d,0.1\n", i)
	}
	_, problems := Parse("t.csv", []byte(b.String()))
	if len(problems) != 1 || problems[0].Line != numbering.MaxPrices+2 || !strings.Contains(problems[0].Text, "20,000") {
		t.Errorf("got %v, want one problem at row 20,001", problems)
	}
	if _, problems := Parse("t.csv", []byte("prefix,price\n"+strings.Repeat("x,y\n", 5000))); len(problems) != maxProblems {
		t.Errorf("got %d problems, want %d", len(problems), maxProblems)
	}
	long := filepath.Join(t.TempDir(), "long.csv")
	if err := os.WriteFile(long, make([]byte, priceList.Most+1), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(long); !errors.As(err, &problems) || len(problems) != 1 || !strings.Contains(err.Error(), "4 MiB") {
		t.Errorf("got %v, want a file that is too long refused", err)
	}
}

// TestTheExample: the file in the documents is one, and is what the text shows.
func TestTheExample(t *testing.T) {
	docs := filepath.Join("..", "..", "docs")
	list, err := Load(filepath.Join(docs, "example", "tariff.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if n, ok := priced(list, "+13459491234"); !ok || n.Rate != 2.065 {
		t.Errorf("got %v for the Cayman Islands, want 2.065", n.Rate)
	}
	rows, _ := os.ReadFile(filepath.Join(docs, "example", "tariff.csv"))
	text, err := os.ReadFile(filepath.Join(docs, "tariff.md"))
	if err != nil {
		t.Fatal(err)
	}
	for row := range strings.Lines(string(rows)) {
		if !strings.Contains(string(text), "    "+row) {
			t.Errorf("tariff.md does not show %q", row)
		}
	}
}

func TestLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "prices.csv")
	if _, err := Load(path); err == nil || !strings.HasPrefix(err.Error(), "read tariff "+path+": ") {
		t.Errorf("got %v, want the name of the file that is not there", err)
	}
	if err := os.WriteFile(path, []byte("prefix,price\n33,0.1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if list, err := Load(path); err != nil || list.Len() != 1 {
		t.Errorf("got %d prices and %v, want one", list.Len(), err)
	}
}

// FuzzParse: whatever the bytes, either a list or problems, and never too many.
func FuzzParse(f *testing.F) {
	f.Add([]byte("prefix;price\n33;0,1\n"))
	f.Add([]byte("prefix,price\n\"33,1\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		list, problems := Parse("t.csv", data)
		if (list == nil) != (len(problems) > 0) || len(problems) > maxProblems+5 || list.Len() > numbering.MaxPrices {
			t.Errorf("got list %v with %d problems", list != nil, len(problems))
		}
	})
}
