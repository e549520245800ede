package livetest

import (
	"flag"
	"testing"
)

// atOnce is how many tests run at once: they wait for packets and timers, and
// hardly for a processor.
const atOnce = "6"

func TestMain(m *testing.M) {
	flag.Parse()
	flag.Set("test.parallel", atOnce)
	Main(m)
}
