package sensor

import (
	"errors"
	"fmt"
	"os"

	"tollwatch/detect"
	"tollwatch/detect/calendar"
	"tollwatch/detect/numbering"
	"tollwatch/sensor/config"
	"tollwatch/sensor/tariff"
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
	for _, limit := range c.Tariff.Caps {
		class, _ := numbering.ParseClass(limit.Class) // else all
		out.Caps = append(out.Caps, detect.Cap{Class: class, PerCall: limit.PerCall, PerHour: limit.PerHour,
			PerDay: limit.PerDay, PerMonth: limit.PerMonth, CallsAtOnce: limit.CallsAtOnce})
	}
	if out.Hours, err = hours(c.Hours); err != nil {
		return out, err
	}
	out.Prices, err = priceList(c)
	return out, err
}

// hours are the configuration's, with the closures of its file.
func hours(c config.Hours) (h calendar.Hours, err error) {
	for _, text := range c.Open {
		o, err := calendar.ParseOpening(text)
		if err != nil {
			return h, err
		}
		h.Week = append(h.Week, o)
	}
	if h.Holidays, err = calendar.ParseHolidays(c.Holidays); err != nil || c.HolidaysFile == "" {
		return h, err
	}
	h.Closed, err = LoadClosures(c.HolidaysFile)
	return h, oneLine(err)
}

// priceList is the customer's own tariff; nil without one. Its error is of one
// line.
func priceList(c config.Config) (*numbering.PriceList, error) {
	if c.Tariff.File == "" {
		return nil, nil
	}
	list, err := tariff.Load(c.Tariff.File)
	return list, oneLine(err)
}

// oneLine is the first of a file's problems, and how many there are.
func oneLine(err error) error {
	var all config.Problems
	if errors.As(err, &all) && len(all) > 1 {
		return fmt.Errorf("%s (problem 1 of %d)", all[0], len(all))
	}
	return err
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
