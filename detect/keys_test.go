package detect

import (
	"testing"
	"time"
)

// TestKeys: groups end at # and *, at a pause, and with the call. A blank is a pause.
func TestKeys(t *testing.T) {
	for _, c := range []struct {
		pressed       string
		groups, alike int
	}{
		{"", 0, 0},
		{"12", 0, 0},
		{"1234", 1, 1},
		{"*1234#", 1, 1},
		{"1234#5678#9012#", 3, 3},
		{"1234 5678 9012", 3, 3},
		{"1234#56789#9012", 3, 2},
		{"123456789#", 0, 0},
		{"###", 0, 0},
	} {
		k, at := keys{}, monday
		for _, key := range c.pressed {
			at = at.Add(400 * time.Millisecond)
			if key == ' ' {
				at = at.Add(groupGap)
				continue
			}
			k.press(at, key == '#' || key == '*')
		}
		k.close()
		if k.groups != c.groups || k.alike() != c.alike {
			t.Errorf("%q: got %d groups, %d of one length; want %d and %d", c.pressed, k.groups, k.alike(), c.groups, c.alike)
		}
	}
}
