package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// module is the module path of go.mod.
const module = "tollwatch"

// rightOf lists, per top folder, the folders it may import: the order of the
// folders is the order of the data.
var rightOf = map[string][]string{
	"cmd":     {"cmd", "sensor", "detect", "decoder", "bpf", "packaging"},
	"sensor":  {"sensor", "detect", "decoder", "bpf"},
	"detect":  {"detect", "decoder"},
	"decoder": {"decoder"},
	"bpf":     {"bpf"},
}

// within lists what each package of the decoder may import of its siblings;
// one that is not named here is a leaf.
var within = map[string][]string{
	"decoder":             {"frame", "stream", "stream/lru", "sip", "sip/opinion", "sip/quality", "sdp", "rtp", "media", "dialog", "call"},
	"decoder/stream":      {"frame", "sip", "stream/websocket", "stream/sctp", "stream/tls"},
	"decoder/stream/sctp": {"sip", "stream/lru"},
	"decoder/stream/tls":  {"stream/lru"},
	"decoder/media":       {"rtp", "call", "frame"},
	"decoder/dialog":      {"sip", "sdp", "call"},
	"decoder/sip/gosip":   {},
	"decoder/sip/opinion": {"sip", "sip/gosip"},
}

// forbidden are the packages that touch the world; decoder and detect are pure.
var forbidden = []string{"os", "net", "net/http", "log", "log/slog", "sync", "sync/atomic", "context", "syscall",
	"crypto/rand", "math/rand", "math/rand/v2", "hash/maphash"}

// forbiddenTime are the calls of package time that read or wait for a clock.
var forbiddenTime = []string{"Now", "Since", "Until", "After", "AfterFunc", "Sleep", "NewTimer", "NewTicker", "Tick"}

// sole lists the libraries that only one package may import.
var sole = map[string]string{
	"github.com/ghettovoice/gosip":             "decoder/sip/gosip",
	"modernc.org/sqlite":                       "sensor/sqlite",
	"github.com/influxdata/influxdb-client-go": "sensor/output/influx",
	"github.com/influxdata/line-protocol":      "sensor/output/points",
	"github.com/VictoriaMetrics/metrics":       "sensor/metrics",
	"github.com/cilium/ebpf":                   "bpf",
}

type source struct {
	dir  string // folder relative to the root, slashes
	path string
	test bool
	file *ast.File
	set  *token.FileSet
}

func (s source) imports() []string {
	var out []string
	for _, i := range s.file.Imports {
		p, _ := strconv.Unquote(i.Path.Value)
		out = append(out, p)
	}
	return out
}

// sources parses every Go file of the repository. It reads the tree itself:
// a test that asks the go command is fooled by the test cache.
func sources(t *testing.T) []source {
	t.Helper()
	root := filepath.Join("..", "..", "..")
	var out []source
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, path)
		rel = filepath.ToSlash(rel)
		if d.IsDir() {
			if strings.HasPrefix(d.Name(), ".") && rel != "." || d.Name() == "testdata" || rel == "packaging/tools" {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(rel, ".go") {
			return nil
		}
		set := token.NewFileSet()
		f, err := parser.ParseFile(set, path, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		dir := filepath.ToSlash(filepath.Dir(rel))
		out = append(out, source{dir: dir, path: rel, test: strings.HasSuffix(rel, "_test.go"), file: f, set: set})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 50 {
		t.Fatalf("parsed %d files under %s: that is not the repository", len(out), root)
	}
	return out
}

func top(dir string) string {
	t, _, _ := strings.Cut(dir, "/")
	return t
}

func local(imp string) (string, bool) {
	return strings.CutPrefix(imp, module+"/")
}

func TestTopLevelIsFixed(t *testing.T) {
	want := []string{"bpf", "cmd", "decoder", "detect", "docs", "packaging", "sensor"}
	entries, err := os.ReadDir(filepath.Join("..", "..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !e.IsDir() || strings.HasPrefix(e.Name(), ".") || e.Name() == "bin" || e.Name() == "dist" {
			continue
		}
		if !slices.Contains(want, e.Name()) {
			t.Errorf("top folder %s: want only %v", e.Name(), want)
		}
	}
}

func TestImportsGoRight(t *testing.T) {
	for _, s := range sources(t) {
		allowed, ok := rightOf[top(s.dir)]
		if !ok {
			continue
		}
		for _, imp := range s.imports() {
			dir, ok := local(imp)
			if !ok {
				continue
			}
			if !slices.Contains(allowed, top(dir)) {
				t.Errorf("%s imports %s: %s may import only %v", s.path, imp, top(s.dir), allowed)
			}
		}
	}
}

func TestDecoderSiblings(t *testing.T) {
	for _, s := range sources(t) {
		if top(s.dir) != "decoder" || s.test {
			continue
		}
		for _, imp := range s.imports() {
			dir, ok := local(imp)
			if !ok || dir == s.dir {
				continue
			}
			sibling, _ := strings.CutPrefix(dir, "decoder/")
			if !slices.Contains(within[s.dir], sibling) {
				t.Errorf("%s imports %s: %s may import only %v", s.path, imp, s.dir, within[s.dir])
			}
		}
	}
}

func TestDetectSeesOnlyTheVocabulary(t *testing.T) {
	for _, s := range sources(t) {
		if top(s.dir) != "detect" || s.test {
			continue
		}
		for _, imp := range s.imports() {
			if dir, ok := local(imp); ok && top(dir) == "decoder" && dir != "decoder/call" {
				t.Errorf("%s imports %s: detection imports only decoder/call", s.path, imp)
			}
		}
	}
}

// trial is the one place that knows both the lab and the detectors.
const trial = "sensor/trial"

// labUsers are what may import the lab beside the lab itself.
var labUsers = []string{"cmd/siplab", "cmd/docgen", trial}

func TestLabAndDetectionAreStrangers(t *testing.T) {
	for _, s := range sources(t) {
		for _, imp := range s.imports() {
			dir, ok := local(imp)
			if !ok {
				continue
			}
			inLab := strings.HasPrefix(s.dir, "sensor/lab")
			if inLab && (top(dir) == "detect" || dir == trial) {
				t.Errorf("%s imports %s: the lab knows nothing of the detectors", s.path, imp)
			}
			ofLab := strings.HasPrefix(dir, "sensor/lab") || dir == trial
			if ofLab && !inLab && !slices.Contains(labUsers, s.dir) && !s.test {
				t.Errorf("%s imports %s: product code never imports the lab", s.path, imp)
			}
		}
	}
}

func TestPureFolders(t *testing.T) {
	for _, s := range sources(t) {
		if s.test || top(s.dir) != "decoder" && top(s.dir) != "detect" {
			continue
		}
		for _, imp := range s.imports() {
			if slices.Contains(forbidden, imp) {
				t.Errorf("%s imports %s: %s is pure", s.path, imp, top(s.dir))
			}
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt:
				t.Errorf("%s: starts a goroutine", s.set.Position(n.Pos()))
			case *ast.FuncDecl:
				if n.Name.Name == "init" && n.Recv == nil {
					t.Errorf("%s: init()", s.set.Position(n.Pos()))
				}
			case *ast.SelectorExpr:
				x, ok := n.X.(*ast.Ident)
				if ok && x.Name == "time" && slices.Contains(forbiddenTime, n.Sel.Name) {
					t.Errorf("%s: time.%s reads a clock", s.set.Position(n.Pos()), n.Sel.Name)
				}
			}
			return true
		})
	}
}

func TestLibrariesHaveOneHome(t *testing.T) {
	for _, s := range sources(t) {
		for _, imp := range s.imports() {
			for library, home := range sole {
				if strings.HasPrefix(imp, library) && s.dir != home && !s.test {
					t.Errorf("%s imports %s: only %s may", s.path, imp, home)
				}
			}
		}
	}
}

func TestEveryPackageHasAComment(t *testing.T) {
	documented := map[string]bool{}
	for _, s := range sources(t) {
		if s.test || strings.HasSuffix(s.file.Name.Name, "_test") {
			continue
		}
		documented[s.dir] = documented[s.dir] || s.file.Doc != nil
	}
	for dir, ok := range documented {
		if !ok {
			t.Errorf("package %s has no comment: say what it turns into what, what it promises, what it will not do", dir)
		}
	}
}

// TestSizes holds HOUSE_STYLE 8. A longer state machine or table says why, in
// a line of comment that begins with "long:".
func TestSizes(t *testing.T) {
	for _, s := range sources(t) {
		if s.test || ast.IsGenerated(s.file) {
			continue
		}
		why := slices.ContainsFunc(s.file.Comments, func(c *ast.CommentGroup) bool {
			return strings.Contains("\n"+c.Text(), "\nlong:")
		})
		if lines := s.set.Position(s.file.End()).Line; lines > 400 && !why {
			t.Errorf("%s: %d lines, want at most 400", s.path, lines)
		}
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			n := s.set.Position(f.End()).Line - s.set.Position(f.Pos()).Line + 1
			if n > 60 && !why {
				t.Errorf("%s: %s has %d lines, want at most 60", s.path, f.Name.Name, n)
			}
		}
	}
}
