package capture

import (
	"fmt"
	"io/fs"
	"testing"
)

// TestPermittedTakesUpTheRights: only where it is refused without them, and once.
func TestPermittedTakesUpTheRights(t *testing.T) {
	raised := false
	k := &Kernel{attach: func(do func()) {
		raised = true
		do()
		raised = false
	}}
	for _, c := range []struct {
		what  string
		do    func() error
		tries int
		fails bool
	}{
		{"a kernel that asks for no right", func() error { return nil }, 1, false},
		{"one that asks for CAP_BPF", func() error {
			if raised {
				return nil
			}
			return fmt.Errorf("update map: %w", fs.ErrPermission)
		}, 2, false},
		{"rights that are gone", func() error { return fs.ErrPermission }, 2, true},
		{"another fault", func() error { return fs.ErrNotExist }, 1, true},
	} {
		tries := 0
		err := k.permitted(func() error {
			tries++
			return c.do()
		})
		if tries != c.tries || (err != nil) != c.fails {
			t.Errorf("%s: got %v in %d tries, want %d", c.what, err, tries, c.tries)
		}
	}
}
