package sensor

import (
	"os"

	"tollwatch/detect"
	"tollwatch/sensor/config"
)

// EngineConfig is what the configuration tells detection of the site.
func EngineConfig(c config.Config) (detect.Config, error) {
	profile, err := detect.ParseProfile(c.Site.Profile)
	if err != nil {
		return detect.Config{}, err
	}
	out := detect.Config{
		Site: SiteName(c), Customer: c.Site.Customer,
		Country: c.Site.Country, Location: c.Site.Location(), Profile: profile,
		OutsidePrefix: c.Site.OutsidePrefix, UsualMonthlyBill: c.Site.UsualMonthlyBill, PBX: c.Site.PBX,
	}
	for _, t := range c.Trunks {
		out.Trunks = append(out.Trunks, detect.Trunk{
			Name: t.Name, Addresses: t.Addresses, Domains: t.Domains, Users: t.Users, Channels: t.Channels,
		})
	}
	return out, nil
}

// SiteName is the configured name of the site, else the host's.
func SiteName(c config.Config) string {
	if c.Site.Name != "" {
		return c.Site.Name
	}
	host, err := os.Hostname()
	if err != nil {
		return "unnamed"
	}
	return host
}
