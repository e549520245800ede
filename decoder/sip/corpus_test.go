package sip

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
)

// corpus returns the folder of captures and messages that lies beside the
// repository, or skips: a user has none, CI must.
func corpus(tb testing.TB) string {
	tb.Helper()
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for {
		if p := filepath.Join(dir, "shared", "corpus"); isDir(p) {
			return p
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			break
		}
		dir = parent
	}
	if os.Getenv("CI") == "true" {
		tb.Fatal("no folder shared/corpus beside or above the repository: in CI it must be there")
	}
	tb.Skip("no folder shared/corpus beside or above the repository")
	return ""
}

func isDir(path string) bool {
	st, err := os.Stat(path)
	return err == nil && st.IsDir()
}

type entry struct {
	RFC   string         `json:"rfc"`
	Class string         `json:"class"`
	Facts map[string]any `json:"facts"`
}

// facts reads a message as the index tells of it.
func facts(m *Message) map[string]any {
	f := map[string]any{}
	set := func(key string, s Span) { f[key] = string(m.Text(s)) }
	uri := func(key string, s Span) {
		var u URI
		ParseURI(m.Text(s), &u)
		user, host := string(u.User), string(u.Host)
		if u.UserParams != nil { // the index leaves them in the user
			user += ";" + string(u.UserParams)
		}
		if strings.Contains(host, ":") {
			host = "[" + host + "]"
		}
		f[key+"_user"], f[key+"_host"] = user, host
	}
	address := func(key string, a Address) {
		set(key+"_uri", a.URI)
		uri(key, a.URI)
		f[key+"_tag"] = nil
		if !a.Tag.Empty() {
			set(key+"_tag", a.Tag)
		}
	}
	if m.Request {
		set("method", m.MethodText)
		set("ruri", m.RequestURI)
		uri("ruri", m.RequestURI)
	} else {
		f["status"] = float64(m.Status)
	}
	set("call_id", m.CallID)
	f["cseq"] = float64(m.CSeq)
	f["cseq_method"] = m.CSeqMethod.String()
	if m.CSeqMethod == Other {
		set("cseq_method", m.MethodText)
	}
	address("from", m.From)
	address("to", m.To)
	address("contact", m.Contact)
	address("pai", m.Asserted)
	f["via_branch"] = nil
	if !m.Branch.Empty() {
		set("via_branch", m.Branch)
	}
	delete(f, "pai_host") // the index has none, nor Server in place of User-Agent
	if _, next := m.Header("User-Agent", 0); next >= 0 {
		set("ua", m.UserAgent)
	}
	return f
}

// TestCorpus: every fact of every valid message and no other, and every invalid
// message refused or flagged.
func TestCorpus(t *testing.T) {
	dir := filepath.Join(corpus(t), "sip")
	raw, err := os.ReadFile(filepath.Join(dir, "index.json"))
	if err != nil {
		t.Fatal(err)
	}
	index := map[string]entry{}
	if err := json.Unmarshal(raw, &index); err != nil {
		t.Fatal(err)
	}
	if len(index) < 100 {
		t.Fatalf("the index names %d messages, want 100 at least", len(index))
	}
	score := map[string]*[4]int{}
	for file, want := range index {
		set := filepath.Dir(file)
		if score[set] == nil {
			score[set] = &[4]int{}
		}
		b, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			t.Fatal(err)
		}
		var m Message
		ok := Parse(b, &m)
		if LooksLike(b) != ok {
			t.Errorf("%s: LooksLike %v, Parse %v: want the same", file, !ok, ok)
		}
		if want.RFC != "valid" {
			score[set][3]++
			if !ok || m.Anomalies|Validate(&m) != 0 {
				score[set][2]++
			} else {
				t.Errorf("%s is invalid: neither refused nor flagged", file)
			}
			continue
		}
		score[set][1]++
		if !ok {
			t.Errorf("%s is valid: refused", file)
			continue
		}
		if sameFacts(t, file, facts(&m), want.Facts) {
			score[set][0]++
		}
	}
	sets := make([]string, 0, len(score))
	for s := range score {
		sets = append(sets, s)
	}
	sort.Strings(sets)
	t.Log("set        all facts right   invalid refused or flagged")
	for _, s := range sets {
		n := score[s]
		t.Logf("%-10s %3d of %-3d        %3d of %-3d", s, n[0], n[1], n[2], n[3])
	}
}

// sameFacts compares what was read with what the index knows, both ways.
func sameFacts(t *testing.T, file string, got, want map[string]any) bool {
	right := true
	for key, w := range want {
		if fmt.Sprint(got[key]) != fmt.Sprint(w) {
			t.Errorf("%s: got %s %q, want %q", file, key, got[key], w)
			right = false
		}
	}
	for key, g := range got {
		if _, told := want[key]; !told && g != nil && g != "" {
			t.Errorf("%s: got %s %q, of which the index knows nothing", file, key, g)
			right = false
		}
	}
	return right
}

// TestSeeds: fuzz seeds and crash inputs of other projects.
func TestSeeds(t *testing.T) {
	dir := filepath.Join(corpus(t), "messages")
	n := 0
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var m Message
		if Parse(b, &m) {
			n++
			checkSpans(t, b, &m)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n < 10 {
		t.Errorf("%d seeds were SIP, want 10 at least", n)
	}
}
