package sensortest

import (
	"testing"

	"tollwatch/sensor/livetest"
)

func TestMain(m *testing.M) { livetest.Main(m) }

// What these tests have in common with those of live networks.
var (
	need  = livetest.Need
	await = livetest.Await
)
