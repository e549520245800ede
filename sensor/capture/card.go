package capture

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// cardCounters are what the kernel keeps of frames that a card had to let go, full
// buffers all of them (Documentation/networking/statistics.rst).
var cardCounters = []string{"rx_missed_errors", "rx_fifo_errors", "rx_over_errors", "rx_dropped"}

// CardLosses is how many frames an interface has lost since it came, before any
// back-end could see them; 0 where nobody counts.
func CardLosses(name string) (lost uint64) {
	for _, counter := range cardCounters {
		b, err := os.ReadFile(filepath.Join("/sys/class/net", name, "statistics", counter))
		if err != nil {
			continue
		}
		n, _ := strconv.ParseUint(strings.TrimSpace(string(b)), 10, 64)
		lost += n
	}
	return lost
}
