package setup

import (
	"tollwatch/sensor/commission"
	"tollwatch/sensor/config"
)

// outputs says where points and alerts go. Nothing is sent: whether a server
// answers is seen when the sensor runs.
func outputs(e *config.Examined) (s commission.Sheet) {
	c := &e.Config
	if !e.Sound("influx.url") || !e.Sound("webhook.url") {
		return nil
	}
	s = append(s, output("influx", c.Influx.URL, c.Influx.TokenFile)...)
	s = append(s, output("webhook", c.Webhook.URL, c.Webhook.SecretFile)...)
	if c.Influx.URL == "" && c.Webhook.URL == "" {
		s[len(s)-1].Result = commission.Warn
		s[len(s)-1].Found = "off, like influx: an incident is logged and kept, and wakes nobody"
		s[len(s)-1].Advice = "give the address of a webhook or of an InfluxDB"
	}
	return s
}

func output(name, url, secret string) commission.Sheet {
	c := commission.Check{Name: name, Result: commission.Pass, Found: "off"}
	if url != "" {
		c.Found = url + " (not asked now)"
	}
	s := commission.Sheet{c}
	if url != "" && secret != "" {
		s = append(s, exposed(name, secret)...)
	}
	return s
}
