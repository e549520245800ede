package influx

import (
	"fmt"
	"time"

	"tollwatch/sensor/output/points"
)

var (
	night = time.Date(2026, 11, 7, 3, 0, 12, 345678901, time.UTC)
	lyon  = points.Identity{Site: "Lyon 2, rue de la Ré", Customer: "dupont", Sensor: "5f0c", View: "trunk", Primary: true}
)

// cayman is the third call of a night, to the Cayman Islands.
func cayman(n int) *points.Call {
	return &points.Call{ID: fmt.Sprintf("c%d@pbx", n), Group: fmt.Sprintf("g%d", n), End: night, Trunk: "trunk-1", Direction: "outbound",
		Class: "high_risk", Country: "KY", State: "answered", Extension: "201", Number: "+13459261234", Status: 200, Attempts: 2,
		Ringing: 1500 * time.Millisecond, Duration: 7 * time.Second, CostEUR: 0.31, Score: 62, MOS: 4.2}
}

func anAlert() *points.Alert {
	return &points.Alert{Incident: "i-1", Event: "opened", Time: night, Level: "critical", Scheme: "toll_fraud", Trunk: "trunk-1",
		Extension: "201", Number: "+13459261234", Country: "KY", Text: "never called \"KY\" before +25\nfour at once +20", Score: 87,
		Calls: 3, Concurrent: 3, SpentEUR: 0.93, BurnEURPerHour: 120}
}
