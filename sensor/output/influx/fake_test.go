package influx

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/influxdata/line-protocol/v2/lineprotocol"
)

// fake answers as InfluxDB 2 or 3 do, neither of which can be built from
// modules: what it says is taken from their source and documents.
type fake struct {
	*httptest.Server
	org     string
	buckets map[string]int      // name to seconds of retention, 0 for ever
	tokens  map[string][]string // token to what it may: "write calls", "read calls"
	three   bool                // InfluxDB 3: databases are made, parts of batches are taken
	mu      sync.Mutex          // guards what follows
	lines   map[string][]string // stored, by bucket
	types   map[string]lineprotocol.ValueKind
}

func newFake(t *testing.T, three bool) *fake {
	f := &fake{three: three, org: "provider", buckets: map[string]int{"calls": 0, "alerts": 30 * 24 * 3600},
		tokens: map[string][]string{"all": {"write calls", "write alerts", "read calls", "read alerts"}, "box": {"write calls"}},
		lines:  map[string][]string{}, types: map[string]lineprotocol.ValueKind{}}
	m := http.NewServeMux()
	m.HandleFunc("GET /ping", f.ping)
	m.HandleFunc("POST /api/v2/write", f.write)
	m.HandleFunc("GET /api/v2/buckets", f.list)
	f.Server = httptest.NewServer(m)
	t.Cleanup(f.Close)
	return f
}

func (f *fake) ping(w http.ResponseWriter, _ *http.Request) {
	if f.three {
		io.WriteString(w, `{"version":"3.4.1","revision":"abc","product":"core"}`)
		return
	}
	w.Header().Set("X-Influxdb-Version", "v2.7.12")
	w.WriteHeader(http.StatusNoContent)
}

// refuse answers in the form of the version.
func (f *fake) refuse(w http.ResponseWriter, status int, code, message string) {
	if f.three {
		w.Header()["Content-Type"] = nil
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"error":%q}`, message)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("X-Platform-Error-Code", code)
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(map[string]string{"code": code, "message": message})
}

func (f *fake) may(r *http.Request) (known bool, can func(string) bool) {
	_, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	scopes, known := f.tokens[token]
	return known, func(what string) bool {
		for _, s := range scopes {
			if s == what {
				return true
			}
		}
		return false
	}
}

func (f *fake) write(w http.ResponseWriter, r *http.Request) {
	known, can := f.may(r)
	org, bucket := r.URL.Query().Get("org"), r.URL.Query().Get("bucket")
	_, there := f.buckets[bucket]
	switch {
	case !known && f.three:
		f.refuse(w, 401, "", "the request was not authenticated")
	case !known:
		f.refuse(w, 401, "unauthorized", "unauthorized access")
	case !f.three && org == "":
		f.refuse(w, 400, "invalid", "Please provide either orgID or org")
	case !f.three && org != f.org:
		f.refuse(w, 404, "not found", fmt.Sprintf("organization name %q not found", org))
	case !f.three && !there:
		f.refuse(w, 404, "not found", fmt.Sprintf("bucket %q not found", bucket))
	case !can("write " + bucket):
		f.refuse(w, 403, "forbidden", "insufficient permissions for write")
	default:
		f.store(w, bucket, body(r))
	}
}

func body(r *http.Request) string {
	in := io.Reader(r.Body)
	if r.Header.Get("Content-Encoding") == "gzip" {
		in, _ = gzip.NewReader(r.Body)
	}
	b, _ := io.ReadAll(in)
	return string(b)
}

// store takes what it can: 2 nothing of a batch with a line that it cannot parse,
// all but the lines whose types conflict; 3 all but the lines that are wrong.
func (f *fake) store(w http.ResponseWriter, bucket, text string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var good []string
	var wrong []map[string]any
	n := 0
	for line := range strings.Lines(text) {
		n++
		conflict, err := f.read(bucket, line)
		if err != nil && !f.three {
			f.refuse(w, 400, "invalid", fmt.Sprintf("unable to parse '%s': %v", strings.TrimSpace(line), err))
			return
		}
		if err != nil || conflict != "" {
			if err != nil {
				conflict = err.Error()
			}
			wrong = append(wrong, map[string]any{"original_line": line, "line_number": n, "error_message": conflict})
			continue
		}
		good = append(good, line)
	}
	f.lines[bucket] = append(f.lines[bucket], good...)
	switch {
	case len(wrong) == 0:
		w.WriteHeader(http.StatusNoContent)
	case f.three:
		w.Header()["Content-Type"] = nil
		w.WriteHeader(http.StatusBadRequest)
		json.NewEncoder(w).Encode(map[string]any{"error": "partial write of line protocol occurred", "data": wrong})
	default:
		f.refuse(w, 422, "unprocessable entity", fmt.Sprintf("failure writing points to database: partial write: %v dropped=%d", wrong[0]["error_message"], len(wrong)))
	}
}

// read parses a line and holds its fields to the types that were first.
func (f *fake) read(bucket, line string) (conflict string, err error) {
	d := lineprotocol.NewDecoderWithBytes([]byte(line))
	if !d.Next() {
		return "", fmt.Errorf("no line")
	}
	measurement, err := d.Measurement()
	if err != nil {
		return "", err
	}
	for {
		key, _, err := d.NextTag()
		if err != nil {
			return "", err
		}
		if key == nil {
			break
		}
	}
	for {
		key, value, err := d.NextField()
		if err != nil {
			return "", err
		}
		if key == nil {
			return conflict, nil
		}
		name := fmt.Sprintf("%s %s %s", bucket, measurement, key)
		if first, ok := f.types[name]; ok && first != value.Kind() {
			conflict = fmt.Sprintf("field type conflict: input field %q is type %v, already exists as type %v", key, value.Kind(), first)
		}
		if conflict == "" {
			f.types[name] = value.Kind()
		}
	}
}

// list shows the buckets that a token may read.
func (f *fake) list(w http.ResponseWriter, r *http.Request) {
	known, can := f.may(r)
	switch {
	case f.three:
		http.NotFound(w, r)
		return
	case !known:
		f.refuse(w, 401, "unauthorized", "unauthorized access")
		return
	}
	type rule map[string]any
	all := []map[string]any{}
	for name, seconds := range f.buckets {
		if name != r.URL.Query().Get("name") || !can("read "+name) {
			continue
		}
		rules := []rule{}
		if seconds > 0 {
			rules = append(rules, rule{"type": "expire", "everySeconds": seconds})
		}
		all = append(all, map[string]any{"name": name, "retentionRules": rules})
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	json.NewEncoder(w).Encode(map[string]any{"buckets": all})
}

func (f *fake) stored(bucket string) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.lines[bucket]...)
}
