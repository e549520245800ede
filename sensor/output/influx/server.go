package influx

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Server is who answers at the other end.
type Server struct {
	Kind    ServerKind
	Version string // as it says; empty: it does not
}

// ServerKind tells apart what takes points by the same path.
type ServerKind uint8

// The kinds. What says no version that is known is Other: InfluxDB Cloud, or a
// build of somebody's own.
const (
	Other ServerKind = iota + 1
	Influx1
	Influx2
	Influx3
	Victoria
)

func (s Server) String() string {
	name := "a server of no known version"
	switch s.Kind {
	case 0:
		return ""
	case Influx1, Influx2, Influx3:
		name = "InfluxDB"
	case Victoria:
		return "VictoriaMetrics"
	}
	return strings.TrimSpace(name + " " + strings.TrimPrefix(s.Version, "v"))
}

// server asks /ping, which all of them have.
func (w *Writer) server(ctx context.Context) Server {
	answer, body, err := w.get(ctx, "/ping", nil)
	if err != nil {
		return Server{}
	}
	version := answer.Header.Get("X-Influxdb-Version")
	if answer.Header.Get("X-Server-Hostname") != "" { // it calls itself InfluxDB 1.8.0
		return Server{Kind: Victoria}
	}
	if version == "" {
		var said struct{ Version string }
		json.Unmarshal(body, &said) // what is no JSON says nothing
		version = said.Version
	}
	for prefix, kind := range map[string]ServerKind{"1.": Influx1, "2.": Influx2, "3.": Influx3} {
		if strings.HasPrefix(strings.TrimPrefix(version, "v"), prefix) {
			return Server{kind, version}
		}
	}
	return Server{Kind: Other}
}

// Retention is how long a bucket keeps points.
type Retention struct {
	Known bool
	Keeps time.Duration // 0: for ever
	Why   string        // it is not known
}

// retention asks as InfluxDB 2 wants to be asked, and as 1 does where there is no
// such path.
func (w *Writer) retention(ctx context.Context, s Server) Retention {
	if s.Kind != Influx1 {
		r := w.ofBucket(ctx)
		if r.Known || s.Kind == Influx2 || !strings.HasPrefix(r.Why, "404 ") {
			return r
		}
	}
	return w.ofPolicy(ctx)
}

func (w *Writer) ofBucket(ctx context.Context) Retention {
	q := url.Values{"name": {w.place.Bucket}}
	if w.place.Org != "" {
		q.Set("org", w.place.Org)
	}
	answer, body, err := w.get(ctx, "/api/v2/buckets", q)
	if err != nil {
		return Retention{Why: err.Error()}
	}
	if answer.StatusCode != http.StatusOK {
		return Retention{Why: refusal(answer, body)}
	}
	var said struct {
		Buckets []struct {
			Name           string
			RetentionRules []struct {
				Type         string
				EverySeconds int64
			}
		}
	}
	if err := json.Unmarshal(body, &said); err != nil {
		return Retention{Why: "the answer is no list of buckets"}
	}
	for _, b := range said.Buckets {
		if b.Name != w.place.Bucket {
			continue
		}
		for _, rule := range b.RetentionRules {
			if rule.Type == "expire" {
				return Retention{Known: true, Keeps: time.Duration(rule.EverySeconds) * time.Second}
			}
		}
		return Retention{Known: true}
	}
	return Retention{Why: "the token does not see the bucket"}
}

func (w *Writer) ofPolicy(ctx context.Context) Retention {
	database, policy, _ := strings.Cut(w.place.Bucket, "/")
	answer, body, err := w.get(ctx, "/query", url.Values{"q": {`SHOW RETENTION POLICIES ON "` + strings.ReplaceAll(database, `"`, `\"`) + `"`}, "db": {database}})
	if err != nil {
		return Retention{Why: err.Error()}
	}
	if answer.StatusCode != http.StatusOK {
		return Retention{Why: refusal(answer, body)}
	}
	var said struct {
		Results []struct {
			Error  string
			Series []struct {
				Columns []string
				Values  [][]any
			}
		}
	}
	if json.Unmarshal(body, &said) != nil || len(said.Results) == 0 {
		return Retention{Why: "the answer is no list of retention policies"}
	}
	if e := said.Results[0].Error; e != "" {
		return Retention{Why: tidy(e)}
	}
	for _, s := range said.Results[0].Series {
		for _, row := range s.Values {
			if keeps, ok := policyRow(s.Columns, row, policy); ok {
				return Retention{Known: true, Keeps: keeps}
			}
		}
	}
	return Retention{Why: "the server does not tell"}
}

// policyRow reads a row of SHOW RETENTION POLICIES, if it is the policy's: that
// of the name, or the default where there is none.
func policyRow(columns []string, row []any, policy string) (keeps time.Duration, ok bool) {
	named, found := false, false
	for i, column := range columns[:min(len(columns), len(row))] {
		switch column {
		case "name":
			named = policy != "" && row[i] == policy
		case "default":
			named = named || policy == "" && row[i] == true
		case "duration":
			text, _ := row[i].(string)
			d, err := time.ParseDuration(text)
			keeps, found = d, err == nil
		}
	}
	return keeps, named && found
}

// get asks the server something else than to take points.
func (w *Writer) get(ctx context.Context, path string, query url.Values) (*http.Response, []byte, error) {
	token, err := readToken(w.place.TokenFile)
	if err != nil {
		return nil, nil, err
	}
	address := strings.TrimSuffix(w.place.URL, "/") + path
	if query != nil {
		address += "?" + query.Encode()
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, nil, err
	}
	if token != "" {
		r.Header.Set("Authorization", "Token "+token)
	}
	answer, err := w.guard.client.Do(r)
	if err != nil {
		return nil, nil, errors.New(inner(err).Error())
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	return answer, body, err
}

func refusal(answer *http.Response, body []byte) string {
	_, words, _ := wordsOf(body)
	return tidy(fmt.Sprintf("%d %s", answer.StatusCode, words))
}
