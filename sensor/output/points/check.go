package points

import "time"

// Check is what tollwatch check writes to prove the way. Its point lies at Time.
type Check struct {
	Time    time.Time
	Version string
}

var checkTable = table[Check]{
	name: "check", text: "a point that tollwatch check has written, and nothing else does",
	fields: [][]field[Check]{
		count("written", "1", func(*Check) int { return 1 }),
		word("version", "of tollwatch", func(c *Check) string { return c.Version }),
	},
	at:    func(c *Check) time.Time { return c.Time },
	about: func(*Check) (string, string) { return "", "" },
}

// CheckLine is the line of a check. It is no heartbeat: a machine that is looked
// at is no sensor that runs.
func CheckLine(id Identity, c *Check) ([]byte, error) {
	w := checkTable.writer(id)
	return w.encode(NewEncoder(id), c)
}
