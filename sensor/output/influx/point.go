package influx

import "time"

// Identity is what every point carries as tags; empty ones are left out.
type Identity struct {
	Site, Customer, Sensor, View string
}

// Call is a call that has ended. Its point lies at its end.
type Call struct {
	ID                               string // tells two points of one series apart; not written
	Group                            string
	End                              time.Time
	Trunk                            string // tag, as the four that follow
	Direction, Class, Country, State string

	Extension string
	Number    string        // E.164; written without its last four digits
	Status    int           // final SIP status; 0: none
	Attempts  int           // INVITEs merged
	Ringing   time.Duration // post-dial delay; 0: not known
	Duration  time.Duration // answer to end
	CostEUR   float64
	Score     float64
	MOS       float64 // 0: not known
}

// Alert is a change of an incident. Its point lies at Time.
type Alert struct {
	Incident string
	Event    string
	Time     time.Time
	Level    string // tag, as the two that follow
	Scheme   string
	Trunk    string

	Extension                           string
	Source                              string // the address that the traffic comes from
	Number                              string // the destination most called; written without its last four digits
	Country                             string
	Text                                string // the reasons, for a person
	Drill                               bool
	Score                               float64
	Calls                               int
	Concurrent                          int
	Answered                            int
	SpentEUR, SpentLowEUR, SpentHighEUR float64
	BurnEURPerHour, ForecastEUR         float64
}

// Sensor is the heartbeat.
type Sensor struct {
	Time                                                      time.Time
	Version                                                   string
	Uptime                                                    time.Duration
	Frames, Bytes, Decoded, Lost, Ignored, Malformed, Dropped uint64
	LostByCard                                                uint64
	Calls                                                     int // active
	Incidents                                                 int // open
}
