package points

// Identity is what every point carries as tags; empty ones are left out.
type Identity struct {
	Site, Customer, Sensor, View string

	Primary bool // of several sensors at one site, the one whose money counts
}
