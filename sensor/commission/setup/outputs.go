package setup

import (
	"context"
	"fmt"
	"time"

	"tollwatch/sensor"
	"tollwatch/sensor/commission"
	"tollwatch/sensor/config"
	"tollwatch/sensor/output/influx"
	"tollwatch/sensor/output/points"
)

// outputs says where points and alerts go. The way to InfluxDB is proved by a
// point, unless the check is offline; a webhook is not posted to, because
// somebody would be woken.
func outputs(ctx context.Context, e *config.Examined, o Options) (s commission.Sheet) {
	c := &e.Config
	if !e.Sound("influx.url") || !e.Sound("webhook.url") {
		return nil
	}
	s = append(s, output("influx", c.Influx.URL, c.Influx.TokenFile, c.Store.Dir)...)
	if c.Influx.URL != "" && !o.Offline && e.Sound("influx.bucket") && readable(c.Influx.TokenFile) {
		s = append(s[1:], probe(ctx, c, o.Version)...)
	}
	s = append(s, privacy(e)...)
	s = append(s, output("webhook", c.Webhook.URL, c.Webhook.SecretFile, c.Store.Dir)...)
	if c.Influx.URL == "" && c.Webhook.URL == "" {
		s[len(s)-1].Result = commission.Warn
		s[len(s)-1].Found = "off, like influx: an incident is logged and kept, and wakes nobody"
		s[len(s)-1].Advice = "give the address of a webhook or of an InfluxDB"
	}
	return s
}

func output(name, url, secret, dir string) commission.Sheet {
	c := commission.Check{Name: name, Result: commission.Pass, Found: "off"}
	if url != "" {
		c.Found = url + " (not asked now)"
	}
	s := commission.Sheet{c}
	if url != "" && secret != "" {
		s = append(s, exposed(name, secret, dir)...)
	}
	return s
}

// readable is false of a token that has a line of its own in the sheet.
func readable(token string) bool { return token == "" || readSecret(token) == nil }

func probe(ctx context.Context, c *config.Config, version string) (s commission.Sheet) {
	found := influx.Probe(ctx, sensor.InfluxConfig(c), points.Identity{Site: sensor.SiteName(*c), Customer: c.Site.Customer, View: c.Site.View}, version)
	for i := range found {
		if i > 0 && found[i].SameCause(&found[0]) {
			continue
		}
		s = append(s, written(&found[i])...)
	}
	return s
}

// written is what came of the point for one bucket.
func written(f *influx.Finding) commission.Sheet {
	c := commission.Check{Name: "influx", Subject: f.Bucket, Result: commission.Fail, Found: f.Found, Advice: f.Do}
	if f.Kind != influx.None {
		return commission.Sheet{c}
	}
	c.Result = commission.Pass
	c.Found = fmt.Sprintf("a point was written in %s; %s", f.Took.Round(time.Millisecond), f.Server)
	if f.Server.Kind == influx.Victoria {
		c.Result = commission.Warn
		c.Found += " takes any bucket and any token, so that neither is proved, and it keeps no texts: an incident has its figures there, and no reasons"
		c.Advice = "look for check_written there; let alerts go to an InfluxDB or a webhook too; start it with -retentionPeriod=2y"
		return commission.Sheet{c}
	}
	kept := retained(f)
	c.Found += "; " + kept.Found
	if kept.Result == commission.Pass {
		return commission.Sheet{c}
	}
	return commission.Sheet{c, kept}
}

// longEnough is from how long on a bucket keeps alerts for their purpose: a
// dispute about a bill comes years later. 104 weeks is how two years are written.
const longEnough = 104 * 7 * 24 * time.Hour

// retained is how long the bucket keeps what it is given.
func retained(f *influx.Finding) commission.Check {
	r := &f.Retention
	c := commission.Check{Name: "influx", Subject: f.Bucket, Result: commission.Pass}
	switch {
	case !r.Known:
		c.Found = "how long it keeps points is not told"
	case r.Keeps == 0:
		c.Found = "it keeps points for ever"
	default:
		c.Found = fmt.Sprintf("it keeps points for %s", days(r.Keeps))
	}
	if f.Alerts && r.Known && r.Keeps > 0 && r.Keeps < longEnough {
		c.Result = commission.Warn
		c.Found = fmt.Sprintf("it keeps alerts for %s only: a bill is disputed later", days(r.Keeps))
		c.Advice = "keep them for 24 months, or name a bucket that does as bucket_alerts"
	}
	return c
}

func days(d time.Duration) string {
	const day = 24 * time.Hour
	if d%day != 0 || d < 2*day {
		return d.String()
	}
	return fmt.Sprintf("%d days", d/day)
}
