package influxtest

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Series is one series of an answer, or one table of Flux. Values are strings,
// json.Number, bool or nil; those of Flux are all strings.
type Series struct {
	Name    string
	Tags    map[string]string
	Columns []string
	Rows    [][]any
}

// Text is the rows as text, without the column of the time: "a b; c d".
func Text(all []Series) string {
	var rows []string
	for _, s := range all {
		at := slices.Index(s.Columns, "time")
		for _, row := range s.Rows {
			if at >= 0 {
				row = slices.Delete(slices.Clone(row), at, at+1)
			}
			rows = append(rows, strings.TrimSpace(fmt.Sprintln(row...)))
		}
	}
	return strings.Join(rows, "; ")
}

// InfluxQL asks /query, times in nanoseconds. What the server refuses is the
// end of t.
func (s *Server) InfluxQL(t testing.TB, database, query string) []Series {
	t.Helper()
	all, err := s.AskInfluxQL(database, query)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// AskInfluxQL is InfluxQL for those who expect an error.
func (s *Server) AskInfluxQL(database, query string) ([]Series, error) {
	body, err := s.post("/query", url.Values{"db": {database}, "q": {query}, "epoch": {"ns"}})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", query, err)
	}
	var answer struct {
		Results []struct {
			Error  string
			Series []struct {
				Name    string
				Tags    map[string]string
				Columns []string
				Values  [][]any
			}
		}
	}
	if err := decode(body, &answer); err != nil {
		return nil, fmt.Errorf("%s: %w", query, err)
	}
	var all []Series
	for _, r := range answer.Results {
		if r.Error != "" {
			return nil, fmt.Errorf("%s: %s", query, r.Error)
		}
		for _, one := range r.Series {
			all = append(all, Series{one.Name, one.Tags, one.Columns, one.Values})
		}
	}
	return all, nil
}

// Flux asks /api/v2/query. What the server refuses is the end of t.
func (s *Server) Flux(t testing.TB, query string) []Series {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, s.URL+"/api/v2/query", strings.NewReader(query))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/vnd.flux")
	r.Header.Set("Accept", "application/csv")
	if token := s.Token(); token != "" {
		r.Header.Set("Authorization", "Token "+token)
	}
	body, err := do(r)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	all, err := tables(body)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return all
}

// tables reads Flux's CSV: tables follow each other, each with a header of its
// own, and a number in the column "table" that tells them apart.
func tables(body []byte) (all []Series, err error) {
	for block := range strings.SplitSeq(strings.ReplaceAll(string(body), "\r\n", "\n"), "\n\n") {
		if strings.TrimSpace(block) == "" {
			continue
		}
		in := csv.NewReader(strings.NewReader(block))
		in.FieldsPerRecord, in.Comment = -1, '#'
		rows, err := in.ReadAll()
		if err != nil {
			return nil, err
		}
		if len(rows) > 1 && slices.Contains(rows[0], "error") {
			return nil, errors.New(strings.Join(rows[1], " "))
		}
		all = append(all, apart(rows)...)
	}
	return all, nil
}

func apart(rows [][]string) (all []Series) {
	columns := rows[0]
	number, last := slices.Index(columns, "table"), ""
	for _, row := range rows[1:] {
		if number < 0 || all == nil || row[number] != last {
			all = append(all, Series{Columns: columns})
			if number >= 0 {
				last = row[number]
			}
		}
		values := make([]any, len(row))
		for i, v := range row {
			values[i] = v
		}
		s := &all[len(all)-1]
		s.Rows = append(s.Rows, values)
	}
	return all
}

// PromQL asks /api/v1/query at a time; a series has one row, of time and value.
// What the server refuses is the end of t.
func (s *Server) PromQL(t testing.TB, query string, at time.Time) []Series {
	t.Helper()
	return s.prometheus(t, "/api/v1/query", url.Values{"query": {query}, "time": {seconds(at)}})
}

// PromQLRange asks /api/v1/query_range.
func (s *Server) PromQLRange(t testing.TB, query string, from, to time.Time, step time.Duration) []Series {
	t.Helper()
	return s.prometheus(t, "/api/v1/query_range", url.Values{"query": {query}, "start": {seconds(from)}, "end": {seconds(to)},
		"step": {strconv.FormatFloat(step.Seconds(), 'f', -1, 64)}})
}

func seconds(t time.Time) string { return strconv.FormatFloat(float64(t.UnixMilli())/1000, 'f', 3, 64) }

func (s *Server) prometheus(t testing.TB, path string, form url.Values) []Series {
	t.Helper()
	s.Flush(t)
	body, err := s.post(path, form)
	if err != nil {
		t.Fatalf("%s: %v", form.Get("query"), err)
	}
	var answer struct {
		Data struct {
			Result []struct {
				Metric map[string]string
				Value  []any
				Values [][]any
			}
		}
	}
	if err := decode(body, &answer); err != nil {
		t.Fatalf("%s: %v", form.Get("query"), err)
	}
	var all []Series
	for _, r := range answer.Data.Result {
		one := Series{Name: r.Metric["__name__"], Tags: r.Metric, Columns: []string{"time", "value"}, Rows: r.Values}
		if r.Value != nil {
			one.Rows = [][]any{r.Value}
		}
		delete(one.Tags, "__name__")
		all = append(all, one)
	}
	return all
}

// Flush makes visible what VictoriaMetrics was given; InfluxDB needs none.
func (s *Server) Flush(t testing.TB) {
	t.Helper()
	if !s.flush {
		return
	}
	if _, err := s.post("/internal/force_flush", nil); err != nil {
		t.Fatal(err)
	}
}

func (s *Server) post(path string, form url.Values) ([]byte, error) {
	r, err := http.NewRequest(http.MethodPost, s.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if s.User != "" {
		r.SetBasicAuth(s.User, s.Password)
	}
	return do(r)
}

// do returns the body, or an error with what the server said.
func do(r *http.Request) ([]byte, error) {
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode >= 300 {
		return nil, fmt.Errorf("%s: %s", answer.Status, bytes.TrimSpace(body))
	}
	return body, nil
}

// decode keeps numbers as they are written: a nanosecond does not fit a float.
func decode(body []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	return d.Decode(into)
}

// quote is an identifier of InfluxQL.
func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `\"`) + `"` }
