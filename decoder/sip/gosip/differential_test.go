package gosip

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tollwatch/decoder/sip"
)

// known are the reasons why gosip and the scanner may differ on a fact. Each
// is a fault of gosip, or a message that can be read in two ways and that the
// scanner flags. What differs for no reason of these is a finding.
var known = []struct {
	reason string
	facts  string // the facts it explains, all when empty
	holds  func(m *sip.Message, b []byte, f Facts) bool
}{
	{"the message can be read in two ways, and a bit says so", "", func(m *sip.Message, _ []byte, _ Facts) bool {
		const ambiguous = sip.DuplicateHeader | sip.MultiValue | sip.UnbalancedQuote | sip.BareDisplayName | sip.BadAddress |
			sip.BadHeaderLine | sip.EmptyParameter | sip.BadURI | sip.BadCSeq | sip.BareLF | sip.NoEmptyLine | sip.BadStartLine |
			sip.QuotedSpoof
		return m.Anomalies&ambiguous != 0
	}},
	{"bits of Validate: control characters, and URIs that gosip reads as they come", "", func(m *sip.Message, _ []byte, _ Facts) bool {
		return sip.Validate(m) != 0
	}},
	{"gosip drops a header that it cannot read (tel:, urn:, folds within parameters) and tells only its log", "", func(m *sip.Message, _ []byte, f Facts) bool {
		return !f.Has("From") || !f.Has("To") || !f.Has("Via") || !f.Has("CSeq") || !f.Has("Call-ID")
	}},
	{"gosip joins folded lines with blanks of its own", "", func(m *sip.Message, _ []byte, _ Facts) bool {
		return m.Anomalies.Has(sip.Folded)
	}},
	{"gosip ends a quoted name at an escaped quote", "from to", func(m *sip.Message, b []byte, _ Facts) bool {
		return bytes.Contains(b, []byte(`\"`))
	}},
	{"gosip takes the quotes of a value for its own and drops what it holds", "tag branch", func(m *sip.Message, b []byte, _ Facts) bool {
		return bytes.IndexByte(b, '"') >= 0
	}},
	{"gosip's parameter names are what stands between the signs, in this case and with these blanks", "tag branch", func(m *sip.Message, b []byte, _ Facts) bool {
		value := func(s sip.Span) []byte { return m.Text(s) }
		for _, v := range [][]byte{value(m.From.Value), value(m.To.Value), value(m.Via)} {
			_, tag := sip.Param(v, "tag")
			_, branch := sip.Param(v, "branch")
			if tag && !bytes.Contains(v, []byte(";tag=")) || branch && !bytes.Contains(v, []byte(";branch=")) || bytes.ContainsAny(v, " \t") {
				return true
			}
		}
		return false
	}},
}

// differences lists the facts that differ without a known reason.
func differences(m *sip.Message, b []byte, f Facts) []string {
	user := func(s sip.Span) string {
		var u sip.URI
		sip.ParseURI(m.Text(s), &u)
		user := u.User
		if u.UserParams != nil {
			user = append(append(bytes.Clone(user), ';'), u.UserParams...)
		}
		return string(sip.AppendUnescaped(nil, user))
	}
	text := func(s sip.Span) string { return string(m.Text(s)) }
	var out []string
	for _, d := range []struct {
		kind, name string
		scanner    string
		gosip      string
	}{
		{"callid", "Call-ID", text(m.CallID), f.CallID},
		{"cseq", "CSeq method", strings.ToUpper(cseqMethod(m)), strings.ToUpper(f.CSeqMethod)},
		{"tag", "From tag", text(m.From.Tag), f.FromTag},
		{"tag", "To tag", text(m.To.Tag), f.ToTag},
		{"branch", "branch", text(m.Branch), f.Branch},
		{"from", "From user", user(m.From.URI), f.FromUser},
		{"to", "To user", user(m.To.URI), f.ToUser},
	} {
		if strings.TrimSpace(d.scanner) != strings.TrimSpace(d.gosip) && !explained(d.kind, m, b, f) {
			out = append(out, d.name+": scanner "+d.scanner+", gosip "+d.gosip)
		}
	}
	if m.CSeq != f.CSeq && !explained("cseq", m, b, f) || m.Request != f.Request || m.Status != f.Status {
		out = append(out, "number, kind or status")
	}
	return out
}

// cseqMethod is the text of the CSeq method: of one that is none of the
// registry the message keeps no text, so the header is read again.
func cseqMethod(m *sip.Message) string {
	if m.CSeqMethod != sip.Other {
		return m.CSeqMethod.String()
	}
	v, _ := m.Header("CSeq", 0)
	words := strings.Fields(string(m.Text(v)))
	if len(words) < 2 {
		return ""
	}
	return words[1]
}

func explained(kind string, m *sip.Message, b []byte, f Facts) bool {
	for _, k := range known {
		if (k.facts == "" || strings.Contains(k.facts, kind)) && k.holds(m, b, f) {
			return true
		}
	}
	return false
}

// FuzzDifferential: what both parsers accept, both read alike, but for the
// known reasons.
func FuzzDifferential(f *testing.F) {
	files, err := filepath.Glob("../testdata/*.sip")
	if err != nil || len(files) == 0 {
		f.Fatalf("no messages: %v", err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	r := New()
	var m sip.Message
	f.Fuzz(func(t *testing.T, b []byte) {
		facts, err := r.Parse(b)
		if err != nil || !sip.Parse(b, &m) {
			return
		}
		if d := differences(&m, b, facts); d != nil {
			t.Errorf("%q (%s):\n%s", b, m.Anomalies, strings.Join(d, "\n"))
		}
	})
}

// TestDifferentialOnRight: on right messages no reason is needed but those of
// gosip's faults.
func TestDifferentialOnRight(t *testing.T) {
	files, _ := filepath.Glob("../testdata/*.sip")
	r, read := New(), 0
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var m sip.Message
		facts, err := r.Parse(b)
		if err != nil || !sip.Parse(b, &m) {
			t.Errorf("%s: refused, gosip says %v", file, err)
			continue
		}
		read++
		if d := differences(&m, b, facts); d != nil {
			t.Errorf("%s:\n%s", file, strings.Join(d, "\n"))
		}
	}
	if read < 8 {
		t.Errorf("compared %d messages, want 8", read)
	}
}

// TestDifferentialOnCorpus: the same on the messages that lie beside the
// repository, torture tests among them.
func TestDifferentialOnCorpus(t *testing.T) {
	root := ""
	for dir := "../../.."; root == "" && len(dir) < 40; dir += "/.." {
		if st, err := os.Stat(dir + "/shared/corpus/sip"); err == nil && st.IsDir() {
			root = dir + "/shared/corpus/sip"
		}
	}
	if root == "" && os.Getenv("CI") == "true" {
		t.Fatal("no folder shared/corpus beside or above the repository: in CI it must be there")
	}
	if root == "" {
		t.Skip("no folder shared/corpus beside or above the repository")
	}
	files, _ := filepath.Glob(root + "/*/*.dat")
	r, read := New(), 0
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var m sip.Message
		facts, err := r.Parse(b)
		if err != nil || !sip.Parse(b, &m) {
			continue
		}
		read++
		if d := differences(&m, b, facts); d != nil {
			t.Errorf("%s (%s):\n%s", file, m.Anomalies, strings.Join(d, "\n"))
		}
	}
	if read < 80 {
		t.Errorf("both read %d messages, want 80 at least", read)
	}
}
