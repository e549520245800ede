package store

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tollwatch/sensor/sqlite"
)

var start = time.Date(2026, 11, 7, 3, 0, 0, 0, time.UTC)

// aCall is call number n of a night: extensions 201 and 202 in turn, a minute
// apart, every other one to the Cayman Islands.
func aCall(n int) Row {
	r := Row{ID: fmt.Sprintf("c%d@pbx", n), Group: fmt.Sprintf("g%d", n/2), Start: start.Add(time.Duration(n) * time.Minute),
		Extension: fmt.Sprint(201 + n%2), Trunk: "trunk-1", Number: fmt.Sprintf("+1345%07d", n), Country: "KY", JSON: fmt.Appendf(nil, `{"n":%d}`, n)}
	if n%2 == 1 {
		r.Number = fmt.Sprintf("+331%08d", n)
	}
	return r
}

func opened(t *testing.T, dir string) *Store {
	t.Helper()
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func putCalls(t *testing.T, s *Store, from, to int) {
	t.Helper()
	for n := from; n < to; n++ {
		if err := s.PutCall(aCall(n)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Commit(); err != nil {
		t.Fatal(err)
	}
}

// listed joins the objects of a query.
func listed(t *testing.T, rows iter.Seq2[[]byte, error]) string {
	t.Helper()
	var out []string
	for b, err := range rows {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, string(b))
	}
	return strings.Join(out, " ")
}

func TestCallsNewestFirst(t *testing.T) {
	s := opened(t, t.TempDir())
	putCalls(t, s, 0, 6)
	for _, c := range []struct {
		name, want string
		f          Filter
	}{
		{"all", `{"n":5} {"n":4} {"n":3} {"n":2} {"n":1} {"n":0}`, Filter{}},
		{"limit", `{"n":5} {"n":4}`, Filter{Limit: 2}},
		{"extension", `{"n":4} {"n":2} {"n":0}`, Filter{Extension: "201"}},
		{"number begins", `{"n":5} {"n":3} {"n":1}`, Filter{Number: "+33"}},
		{"number", `{"n":2}`, Filter{Number: "+13450000002"}},
		{"times", `{"n":3} {"n":2}`, Filter{Since: start.Add(2 * time.Minute), Until: start.Add(4 * time.Minute)}},
		{"group", `{"n":3} {"n":2}`, Filter{Group: "g1"}},
		{"trunk", ``, Filter{Trunk: "trunk-2"}},
		{"together", `{"n":4}`, Filter{Extension: "201", Number: "+1345", Since: start.Add(time.Minute), Limit: 1}},
		{"hostile", ``, Filter{Extension: "201' OR '1'='1"}},
	} {
		if got := listed(t, s.Calls(c.f)); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

func TestPutAgainReplaces(t *testing.T) {
	s := opened(t, t.TempDir())
	putCalls(t, s, 0, 3)
	again := aCall(1)
	again.JSON = []byte(`{"n":"again"}`)
	if err := s.PutCall(again); err != nil {
		t.Fatal(err)
	}
	s.Commit()
	if got, want := listed(t, s.Calls(Filter{})), `{"n":2} {"n":"again"} {"n":0}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestStreamsRegistrationsAndState(t *testing.T) {
	s := opened(t, t.TempDir())
	buffer := []byte(`{"s":1}`)
	for _, err := range []error{
		s.PutStream(StreamRow{Group: "g", SSRC: 0xffffffff, Src: "10.0.0.1:4000", Start: start, JSON: buffer}),
		s.PutStream(StreamRow{Group: "h", SSRC: 2, Start: start.Add(1), JSON: []byte(`{"s":2}`)}),
		s.PutRegistration(RegistrationRow{AoR: "sip:201@pbx", Event: "new", Time: start, JSON: []byte(`{"r":1}`)}),
		s.SaveState("detect", []byte("old")),
		s.SaveState("detect", []byte("new")),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	copy(buffer, "XXXXXXX") // the caller's again
	if got := listed(t, s.Streams(Filter{})); got != "" {
		t.Errorf("got %s before the commit, want nothing", got)
	}
	s.Commit()
	if got, want := listed(t, s.Streams(Filter{})), `{"s":2} {"s":1}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := listed(t, s.Streams(Filter{Group: "g"})), `{"s":1}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := listed(t, s.Registrations(Filter{})), `{"r":1}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, err := s.LoadState("detect"); string(got) != "new" || err != nil {
		t.Errorf("got state %q, %v, want new", got, err)
	}
	if got, err := s.LoadState("other"); got != nil || err != nil {
		t.Errorf("got state %q, %v, want none", got, err)
	}
}

func TestAlertsAndTheirIncidents(t *testing.T) {
	s := opened(t, t.TempDir())
	for i, a := range []AlertRow{
		{Incident: "a", Event: "opened", Extension: "201"},
		{Incident: "b", Event: "opened", Extension: "202"},
		{Incident: "a", Event: "updated", Extension: "201"},
		{Incident: "a", Event: "closed", Extension: "201"},
	} {
		a.Time, a.JSON = start.Add(time.Duration(i)*time.Second), fmt.Appendf(nil, "%s-%s", a.Incident, a.Event)
		if err := s.PutAlert(a); err != nil { // readable at once: no Commit
			t.Fatal(err)
		}
	}
	if got, want := listed(t, s.Alerts(Filter{})), "a-closed a-updated b-opened a-opened"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := listed(t, s.Alerts(Filter{Incident: "a", Limit: 2})), "a-closed a-updated"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := listed(t, s.Incidents(Filter{})), "a-closed b-opened"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := listed(t, s.Incidents(Filter{Extension: "202"})), "b-opened"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestCapsHold(t *testing.T) {
	s, err := OpenLimited(t.TempDir(), Limits{Calls: 10, Streams: 5, Registrations: 5, Alerts: 3})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for n := range 2*maxPending + 5 {
		s.PutCall(aCall(n))
		s.PutStream(StreamRow{SSRC: uint32(n), Start: start, JSON: []byte("s")})
		s.PutRegistration(RegistrationRow{Time: start.Add(time.Duration(n)), JSON: []byte("r")})
	}
	for n := range 7 {
		s.PutAlert(AlertRow{Incident: fmt.Sprint(n), Time: start, JSON: []byte{'0' + byte(n)}})
	}
	s.Commit()
	for name, c := range map[string]struct {
		rows iter.Seq2[[]byte, error]
		want int
	}{"calls": {s.Calls(Filter{}), 10}, "streams": {s.Streams(Filter{}), 5}, "registrations": {s.Registrations(Filter{}), 5},
		"alerts": {s.Alerts(Filter{}), 3}} {
		if got := len(strings.Fields(listed(t, c.rows))); got != c.want {
			t.Errorf("got %d %s, want %d", got, name, c.want)
		}
	}
	if got, want := listed(t, s.Calls(Filter{Limit: 1})), fmt.Sprintf(`{"n":%d}`, 2*maxPending+4); got != want {
		t.Errorf("got newest %s, want %s", got, want)
	}
	if got, want := listed(t, s.Alerts(Filter{})), "6 5 4"; got != want {
		t.Errorf("got alerts %s, want %s", got, want)
	}
	c := s.Counters()
	if put := c.Calls + c.Streams + c.Registrations + c.Alerts; put-c.Evicted != 10+5+5+3 || c.Lost != 0 {
		t.Errorf("got counters %+v: what was put and not evicted should be 23 rows", c)
	}
}

func TestTwoReadersWhileOneWrites(t *testing.T) {
	dir := t.TempDir()
	s := opened(t, dir)
	putCalls(t, s, 0, 1)
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			r, err := OpenReadOnly(dir)
			if err != nil {
				t.Error(err)
				return
			}
			defer r.Close()
			for seen := 0; seen < 500; {
				n := 0
				for _, err := range r.Calls(Filter{}) {
					if err != nil {
						t.Error(err)
						return
					}
					n++
				}
				if n < seen {
					t.Errorf("got %d calls after %d", n, seen)
				}
				seen = n
			}
			if err := r.PutCall(aCall(0)); !errors.Is(err, errReadOnly) {
				t.Errorf("got %v, want that it is read-only", err)
			}
		})
	}
	for n := 0; n < 500; n += 50 {
		putCalls(t, s, n, n+50)
	}
	readers.Wait()
}

func TestReadOnlyAfterTheSensorEnded(t *testing.T) {
	dir := t.TempDir()
	if _, err := OpenReadOnly(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want that nothing is there", err)
	}
	s := opened(t, dir)
	putCalls(t, s, 0, 2)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := OpenReadOnly(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if got, want := listed(t, r.Calls(Filter{})), `{"n":1} {"n":0}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestRunCommitsAtItsEnd(t *testing.T) {
	s := opened(t, filepath.Join(t.TempDir(), "new?folder%20"))
	if err := s.PutCall(aCall(1)); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Run(ctx, func(err error) { t.Error(err) }); err != nil {
		t.Fatal(err)
	}
	if got, want := listed(t, s.Calls(Filter{})), `{"n":1}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestDamagedFilesAreMovedAside(t *testing.T) {
	for name, damage := range map[string]func(b []byte) []byte{
		"no database": func(b []byte) []byte { return []byte("this is a letter to the operator, not a database at all") },
		"torn":        func(b []byte) []byte { return b[:len(b)/2] },
		"overwritten": func(b []byte) []byte { copy(b[4096:], bytes.Repeat([]byte{0xa5}, 3*4096)); return b },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := opened(t, dir)
			putCalls(t, s, 0, 500)
			s.PutAlert(AlertRow{Incident: "a", Time: start, JSON: []byte("alert")})
			s.Close()
			path := filepath.Join(dir, callsFile.name)
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, damage(raw), 0o600); err != nil {
				t.Fatal(err)
			}
			s = opened(t, dir)
			if r := s.Repaired(); len(r) != 1 || !strings.Contains(r[0].Error(), "calls.db.damaged") {
				t.Errorf("got repaired %v, want calls.db", r)
			}
			if _, err := os.Stat(path + sqlite.Aside); err != nil {
				t.Error(err)
			}
			putCalls(t, s, 7, 8)
			if got, want := listed(t, s.Calls(Filter{})), `{"n":7}`; got != want {
				t.Errorf("got %s, want %s", got, want)
			}
			if got := listed(t, s.Alerts(Filter{})); got != "alert" {
				t.Errorf("got alerts %s: the other file should be whole", got)
			}
		})
	}
}

// TestTornJournal: the end of the journal is lost, as in a power cut. What was
// before it stands, nothing is moved aside.
func TestTornJournal(t *testing.T) {
	dir, copied := t.TempDir(), t.TempDir()
	s := opened(t, dir)
	for n := 0; n < 40; n++ {
		putCalls(t, s, n, n+1)
	}
	for _, name := range []string{"calls.db", "calls.db-wal", "alerts.db"} {
		raw, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "-wal") {
			raw = raw[:len(raw)-3000]
		}
		if err := os.WriteFile(filepath.Join(copied, name), raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	torn := opened(t, copied)
	got := strings.Fields(listed(t, torn.Calls(Filter{})))
	if len(torn.Repaired()) != 0 || len(got) != 39 {
		t.Errorf("got %d calls and repaired %v, want 39 and nothing", len(got), torn.Repaired())
	}
}

func TestANewerLayoutIsLeftAlone(t *testing.T) {
	dir := t.TempDir()
	s := opened(t, dir)
	if _, err := s.calls.db.Exec("PRAGMA user_version = 99"); err != nil {
		t.Fatal(err)
	}
	s.Close()
	if _, err := Open(dir); err == nil || !strings.Contains(err.Error(), "newer tollwatch") {
		t.Errorf("got %v, want that it is too new", err)
	}
}

func TestWhatCannotBeWrittenIsCounted(t *testing.T) {
	s := opened(t, t.TempDir())
	putCalls(t, s, 0, 1)
	s.PutCall(aCall(1))
	if _, err := s.calls.tx.Exec("DROP TABLE streams"); err != nil {
		t.Fatal(err)
	}
	if err := s.PutStream(StreamRow{JSON: []byte("s")}); err == nil {
		t.Error("got no error from a table that is gone")
	}
	if c := s.Counters(); c.Lost != 2 {
		t.Errorf("got %d lost, want the call of the transaction and the stream", c.Lost)
	}
	putCalls(t, s, 2, 3)
	if got, want := listed(t, s.Calls(Filter{})), `{"n":2} {"n":0}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestKilled kills a writer at work: every alert that it had told of is there.
func TestKilled(t *testing.T) {
	if dir := os.Getenv("STORE_KILLED"); dir != "" {
		writeUntilKilled(dir)
	}
	dir := t.TempDir()
	told := 0
	for round := range 8 {
		child := exec.Command(os.Args[0], "-test.run=^TestKilled$")
		child.Env = append(os.Environ(), "STORE_KILLED="+dir)
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for range 5 + 13*round {
			if !lines.Scan() {
				break
			}
			told++
		}
		child.Process.Kill()
		for lines.Scan() { // what it told before it was dead
			told++
		}
		child.Wait()
		s := opened(t, dir)
		if got := len(strings.Fields(listed(t, s.Alerts(Filter{})))); got < told || len(s.Repaired()) > 0 {
			t.Fatalf("round %d: got %d alerts, repaired %v; want at least the %d told", round, got, s.Repaired(), told)
		}
		told = len(strings.Fields(listed(t, s.Alerts(Filter{}))))
		s.Close()
	}
}

func writeUntilKilled(dir string) {
	s, err := Open(dir)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for n := 0; ; n++ {
		s.PutCall(aCall(n))
		now := time.Now()
		if err := s.PutAlert(AlertRow{Incident: fmt.Sprint(n), Time: now, JSON: []byte("a")}); err != nil {
			os.Exit(1)
		}
		fmt.Println(n)
	}
}

func TestCountersOfLimits(t *testing.T) {
	if l := DefaultLimits(); slices.Contains([]int64{l.of("calls"), l.of("streams"), l.of("registrations"), l.of("alerts")}, 0) {
		t.Errorf("got limits %+v, want every table bounded", l)
	}
}

func BenchmarkPutCall(b *testing.B) {
	s, err := Open(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	r := aCall(0)
	r.JSON = bytes.Repeat([]byte("x"), 900)
	for n := range b.N {
		r.Start = start.Add(time.Duration(n) * time.Millisecond)
		if err := s.PutCall(r); err != nil {
			b.Fatal(err)
		}
	}
}

// TestOneWriter: a folder has one writer at a time; readers are free.
func TestOneWriter(t *testing.T) {
	dir := t.TempDir()
	first, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir); err == nil || !strings.Contains(err.Error(), "another tollwatch") {
		t.Errorf("a second writer: got %v, want a refusal that says what to do", err)
	}
	reader, err := OpenReadOnly(dir)
	if err != nil {
		t.Fatal(err)
	}
	reader.Close()
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second, err := Open(dir)
	if err != nil {
		t.Fatalf("after the first writer has gone: %v", err)
	}
	second.Close()
}

// TestSavingDoesNotWaitForTheDisk: a commit that hangs on a disk holds the store.
// Whoever saves is not held, and the next commit has what was saved last.
func TestSavingDoesNotWaitForTheDisk(t *testing.T) {
	s, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s.mu.Lock()
	saved := make(chan error)
	go func() { saved <- errors.Join(s.SaveState("a", []byte("1")), s.SaveState("a", []byte("2"))) }()
	select {
	case err = <-saved:
	case <-time.After(10 * time.Second):
		err = errors.New("it waits")
	}
	s.mu.Unlock()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Commit(); err != nil {
		t.Fatal(err)
	}
	if b, err := s.LoadState("a"); err != nil || string(b) != "2" {
		t.Errorf("got %q, %v", b, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.SaveState("a", nil); err == nil {
		t.Error("got no error of a store that is closed")
	}
}
