package report

import (
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"text/tabwriter"
	"time"

	"tollwatch/sensor/record"
)

// JSON prints stored objects as they are, one a line, and says how many.
func JSON(w io.Writer, objects iter.Seq2[[]byte, error]) (int, error) {
	n := 0
	for b, err := range objects {
		if err != nil {
			return n, err
		}
		if _, err := fmt.Fprintf(w, "%s\n", b); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// Calls prints stored calls as a table, a row a leg; the legs of one call bear
// the same name in the column CALL.
func Calls(w io.Writer, location *time.Location, objects iter.Seq2[[]byte, error]) (int, error) {
	return table(w, objects, "START ("+location.String()+")\tCALL\tSTATE\tDIRECTION\tEXTENSION\tTRUNK\tNUMBER\tCOUNTRY\tCLASS\tDURATION\tEUR\tSCORE", func(c *record.Call) string {
		number := c.Number
		if number == "" {
			number = c.Dialled
		}
		return fmt.Sprintf("%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s", stamp(c.Start, location), c.CallGroup, c.State, c.Direction, dash(c.Extension),
			dash(c.Trunk), dash(number), dash(c.DestCountry), dash(c.DestClass), talked(c.Duration), amount(c.CostEUR), points(c.Score))
	})
}

// Alerts prints stored alerts, or the latest alert of each incident, as a table.
func Alerts(w io.Writer, location *time.Location, objects iter.Seq2[[]byte, error]) (int, error) {
	return table(w, objects, "TIME ("+location.String()+")\tLEVEL\tEVENT\tSCHEME\tEXTENSION\tTRUNK\tCALLS\tEUR\tSCORE\tINCIDENT", func(a *record.Alert) string {
		return fmt.Sprintf("%s\t%s\t%s\t%s\t%s\t%s\t%d\t%.2f\t%s\t%s", stamp(a.Time, location), a.Level, a.Event, scheme(a.Scheme),
			dash(a.Extension), dash(a.Trunk), a.Calls, a.SpentEUR, points(a.Score), a.Incident)
	})
}

// table prints one row an object, under a head; nothing where there is none.
func table[T any](w io.Writer, objects iter.Seq2[[]byte, error], head string, row func(*T) string) (int, error) {
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	n := 0
	for b, err := range objects {
		if err != nil {
			return n, err
		}
		var o T
		if err := json.Unmarshal(b, &o); err != nil {
			return n, fmt.Errorf("read a stored object: %w", err)
		}
		if n == 0 {
			fmt.Fprintln(t, head)
		}
		fmt.Fprintln(t, row(&o))
		n++
	}
	return n, t.Flush()
}

func stamp(t record.Time, location *time.Location) string {
	return time.Time(t).In(location).Format("2006-01-02 15:04:05")
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

func talked(seconds *float64) string {
	if seconds == nil {
		return "-"
	}
	return duration(time.Duration(*seconds * float64(time.Second)))
}

func amount(x *float64) string {
	if x == nil {
		return "-"
	}
	return fmt.Sprintf("%.2f", *x)
}
