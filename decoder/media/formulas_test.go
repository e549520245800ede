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
		for i, got := range []uint64{c.Expected(), c.Lost(), c.Duplicates(), c.Reordered()} {
			same(t, row, i+1, float64(got))
		}
	}
}

func TestFormulasJitter(t *testing.T) {
	for _, row := range table(t, "jitter") {
		var c Counters
		c.SetTick(tick(8000))
		arrivals, stamps := numbers(t, row[0]), numbers(t, row[1])
		for i, ms := range arrivals {
			c.ObservePacket(uint16(i), uint32(stamps[i]), 160, true, epoch.Add(time.Duration(ms)*time.Millisecond).UnixNano())
		}
		same(t, row, 2, c.JitterMean()/1e6)
		same(t, row, 3, c.JitterMax/1e6)
	}
}

func TestFormulasQuality(t *testing.T) {
	for _, row := range table(t, "quality") {
		loss, runs, jitter := numbers(t, row[1])[0], numbers(t, row[2])[0], numbers(t, row[3])[0]
		c := quality(loss, runs, jitter)
		delay := packetTime + time.Duration(buffers*c.JitterMean())
		i, _ := impairmentOf(row[0])
		id := delayImpairment(delay)
		if i.wide {
			id = wideDelay(delay)
		}
		got := rate(row[0], c)
		if got.withheld != "" {
			t.Errorf("%q: withheld: %s", row, got.withheld)
		}
		for n, figure := range []float64{c.BurstRatio(), float64(delay) / 1e6, id, i.effective(loss, c.BurstRatio()), got.R, got.MOS} {
			same(t, row, 4+n, figure)
		}
	}
}

// quality is a stream of 1000 expected packets with a loss in per cent that came
// in so many runs, and a mean jitter in milliseconds.
func quality(loss, runs, jitter float64) *Counters {
	lost := uint64(math.Round(loss * 10))
	return &Counters{
		Packets: 1000 - lost, base: 1, highest: 1000, odd: &disorder{gaps: uint32(runs)},
		jitterSum: jitter * 1e6, jitterCount: 1,
	}
}

// TestPublished: figures that others publish for the E-model. With no delay and
// no loss it is G.107's own default.
func TestPublished(t *testing.T) {
	near := func(what string, got, want, within float64) {
		if math.Abs(got-want) > within {
			t.Errorf("%s: got %.3f, want %.3f", what, got, want)
		}
	}
	near("MOS of the default R (G.107 Annex B)", MOS(defaultR), 4.41, 0.005)
	for _, c := range []struct{ r, mos float64 }{{90, 4.34}, {80, 4.03}, {70, 3.60}, {60, 3.10}, {50, 2.58}} { // G.107 Table B.1
		near("MOS of G.107 Table B.1", MOS(c.r), c.mos, 0.01)
	}
	for _, c := range []struct {
		codec          string
		loss, ie, r, m float64
	}{
		{"PCMU", 1, 3.640, 89.56, 4.33}, // 95 x 1 / (1 + 25.1)
		{"PCMU", 2, 7.011, 86.19, 4.24}, // 95 x 2 / (2 + 25.1)
		{"PCMU", 5, 15.78, 77.42, 3.93}, // 95 x 5 / (5 + 25.1)
		{"G729", 0, 11, 82.2, 4.11},     // R of G.729A with VAD
		{"G729", 1, 15.2, 78.0, 3.95},   // 11 + 84 x 1 / (1 + 19)
		{"G723", 0, 15, 78.2, 3.96},
	} {
		i, _ := impairmentOf(c.codec)
		ie := i.effective(c.loss, 1)
		near(c.codec+" Ie,eff", ie, c.ie, 0.005)
		near(c.codec+" R", defaultR-ie, c.r, 0.01)
		near(c.codec+" MOS", MOS(defaultR-ie), c.m, 0.01)
	}
	bare := impairment{Ie: 0, Bpl: 4.3} // G.711 without concealment
	near("G.711 without PLC, 1 %", bare.effective(1, 1), 17.92, 0.005)
	near("G.711 without PLC, 2 %", bare.effective(2, 1), 30.16, 0.005)
	near("Idd at 400 ms (G.107 §7.4)", wideDelay(400*time.Millisecond), 24.07, 0.01)
}

func TestWithheld(t *testing.T) {
	for _, c := range []struct {
		codec string
		in    *Counters
		want  string
	}{
		{"PCMU", quality(0, 0, 0), ""},
		{"pcma", quality(0, 0, 0), ""},
		{"", quality(0, 0, 0), "codec not known"},
		{"opus", quality(0, 0, 0), "no impairment figures for opus"},
		{"AMR", quality(0, 0, 0), "no impairment figures for AMR"},
		{"PCMU", &Counters{Packets: minPackets - 1}, "too few packets"},
		{"PCMU", &Counters{}, "too few packets"},
		{"GSM", quality(0, 0, 0), ""},
		{"GSM", quality(0.1, 1, 0), "no figures for loss with GSM"},
		{"G722", quality(0, 0, 0), ""},
		{"G722", quality(1, 1, 0), "no figures for loss with G722"},
	} {
		got := rate(c.codec, c.in)
		if got.withheld != c.want || (got.MOS == 0) != (c.want != "") {
			t.Errorf("%q, %d packets: got %+v, want withheld %q", c.codec, c.in.Packets, got, c.want)
		}
	}
}

// TestRatingFalls: more loss, longer runs or more jitter never sounds better,
// and R and MOS stay on their scales.
func TestRatingFalls(t *testing.T) {
	for codec, i := range impairments {
		last := rating{R: 101, MOS: 5}
		for loss := 0.0; loss <= 95 && (i.Bpl > 0 || loss == 0); loss += 0.5 {
			got := rate(codec, quality(loss, 10*loss, 2*loss))
			if got.R < 0 || got.R >= last.R && last.R > 0 || got.MOS < 1 || got.MOS > 4.5 || got.MOS > last.MOS+1e-9 {
				t.Errorf("%s, %v %% lost: got %+v after %+v", codec, loss, got, last)
			}
			last = got
			if bursts := rate(codec, quality(loss, loss, 2*loss)); bursts.R > got.R {
				t.Errorf("%s, %v %% lost: got %v in bursts, %v at random", codec, loss, bursts.R, got.R)
			}
		}
	}
}
