package media

import (
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// table is the rows of the table of docs/formulas.md that a comment names.
func table(t *testing.T, name string) (rows [][]string) {
	t.Helper()
	page, err := os.ReadFile("../../docs/formulas.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(page), "<!-- "+name+" -->\n")
	if !ok {
		t.Fatalf("no table %q", name)
	}
	for i, line := range strings.Split(rest, "\n") {
		if !strings.HasPrefix(line, "|") {
			break
		}
		if i < 2 { // head and rule
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		for j := range cells {
			cells[j] = strings.TrimSpace(cells[j])
		}
		rows = append(rows, cells)
	}
	if len(rows) < 3 {
		t.Fatalf("table %q: got %d rows, want 3 or more", name, len(rows))
	}
	return rows
}

// numbers reads a cell of numbers.
func numbers(t *testing.T, cell string) (out []float64) {
	t.Helper()
	for _, f := range strings.Fields(cell) {
		n, err := strconv.ParseFloat(f, 64)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, n)
	}
	return out
}

// same compares a computed number with the printed one, to its last digit.
func same(t *testing.T, row []string, column int, got float64) {
	t.Helper()
	_, decimals, _ := strings.Cut(row[column], ".")
	if printed := strconv.FormatFloat(got, 'f', len(decimals), 64); printed != row[column] {
		t.Errorf("docs/formulas.md, %q, column %d: got %s, the page says %s", row, column+1, printed, row[column])
	}
}

func TestFormulasSequence(t *testing.T) {
	for _, row := range table(t, "sequence") {
		var in []uint16
		for _, n := range numbers(t, row[0]) {
			in = append(in, uint16(n))
		}
		c := sequences(in...)
		for i, got := range []uint64{c.Expected(), c.Lost(), c.Duplicates, c.Reordered} {
			same(t, row, i+1, float64(got))
		}
	}
}

func TestFormulasJitter(t *testing.T) {
	for _, row := range table(t, "jitter") {
		var c Counters
		arrivals, stamps := numbers(t, row[0]), numbers(t, row[1])
		for i, ms := range arrivals {
			c.ObservePacket(uint16(i), uint32(stamps[i]), 160, tick(8000), epoch.Add(time.Duration(ms)*time.Millisecond).UnixNano())
		}
		same(t, row, 2, c.JitterMean()/1e6)
		same(t, row, 3, c.JitterMax/1e6)
	}
}

func TestFormulasQuality(t *testing.T) {
	for _, row := range table(t, "quality") {
		loss, jitter := numbers(t, row[1])[0], numbers(t, row[2])[0]
		c := quality(loss, jitter)
		delay := packetTime + time.Duration(buffers*c.JitterMean())
		same(t, row, 3, float64(delay)/1e6)
		same(t, row, 4, delayImpairment(delay))
		same(t, row, 5, impairments[row[0]].effective(loss))
		got := rate(row[0], true, c)
		if got.withheld != "" {
			t.Errorf("%q: withheld: %s", row, got.withheld)
		}
		same(t, row, 6, got.R)
		same(t, row, 7, got.MOS)
	}
}

// quality is a stream of 1000 expected packets with a loss in per cent and a
// mean jitter in milliseconds.
func quality(loss, jitter float64) *Counters {
	lost := uint64(math.Round(loss * 10))
	return &Counters{
		Packets: 1000 - lost, Unique: 1000 - lost, started: true, base: 1, highest: 1000,
		jitterSum: jitter * 1e6, jitterCount: 1,
	}
}

func TestWithheld(t *testing.T) {
	for _, c := range []struct {
		codec string
		audio bool
		in    *Counters
		want  string
	}{
		{"PCMU", true, quality(0, 0), ""},
		{"pcma", true, quality(0, 0), ""},
		{"PCMU", false, quality(0, 0), "no audio"},
		{"", true, quality(0, 0), "codec not known"},
		{"opus", true, quality(0, 0), "no impairment figures for opus"},
		{"PCMU", true, &Counters{Packets: minPackets - 1}, "too few packets"},
		{"PCMU", true, &Counters{}, "too few packets"},
	} {
		got := rate(c.codec, c.audio, c.in)
		if got.withheld != c.want || (got.MOS == 0) != (c.want != "") {
			t.Errorf("%q audio %v, %d packets: got %+v, want withheld %q", c.codec, c.audio, c.in.Packets, got, c.want)
		}
	}
}

// TestRatingFalls: more loss or more jitter never sounds better, and R and MOS
// stay on their scales.
func TestRatingFalls(t *testing.T) {
	for codec := range impairments {
		last := rating{R: 101, MOS: 5}
		for loss := 0.0; loss <= 95; loss += 0.5 {
			got := rate(codec, true, quality(loss, 2*loss))
			if got.R < 0 || got.R >= last.R && last.R > 0 || got.MOS < 1 || got.MOS > 4.5 || got.MOS > last.MOS+1e-9 {
				t.Errorf("%s, %v %% lost: got %+v after %+v", codec, loss, got, last)
			}
			last = got
		}
	}
}
