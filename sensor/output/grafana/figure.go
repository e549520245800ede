package grafana

import (
	"fmt"
	"strings"
)

// figure is a number of sites. Two sensors at one site see the same calls, and money
// may have had two writers on the day that another became the primary one: of a site
// the largest of its sensors' numbers counts, and nothing doubles.
type figure struct {
	measurement string
	how         string   // of the points: last, max, sum
	fields      []string // the series' names too
	each        bool     // of each site, not the sum of all
}

// names of series
const (
	ofSite  = "$tag_site"
	byTime  = "time($__interval)"
	perSite = `"customer", "site"`
)

// now is the figure at the end of the time that is shown, or the sum within it.
func (f figure) now() asked {
	a := asked{influx: []query{{f.influx(""), "$col"}}}
	for _, field := range f.fields {
		a.metrics = append(a.metrics, query{f.metrics(field, "$__range"), field})
	}
	return f.named(a)
}

// over is the figure over the time that is shown. A query a field: nested queries of
// several fields take InfluxDB 1.8 ten times as long.
func (f figure) over() asked {
	var a asked
	for _, field := range f.fields {
		one := f
		one.fields = []string{field}
		a.influx = append(a.influx, query{one.influx(byTime), field})
		a.metrics = append(a.metrics, query{f.metrics(field, "$__interval"), field})
	}
	return f.named(a)
}

func (f figure) named(a asked) asked {
	if f.each {
		a.influx[0].name, a.metrics[0].name = ofSite, ofSite
	}
	return a
}

func (f figure) columns(how string) string {
	var all []string
	for _, field := range f.fields {
		all = append(all, fmt.Sprintf(`%s("%s") AS "%s"`, how, field, field))
	}
	return strings.Join(all, ", ")
}

// influx nests: of each sensor, of each site, of all. The largest of the largest needs
// no step for sensors, which a server is glad of.
func (f figure) influx(times string) string {
	group, within, fill := "", "", ""
	if times != "" {
		group, within, fill = times+", ", " WHERE $timeFilter", " fill(none)"
	}
	points := fmt.Sprintf(`FROM "%s" WHERE $timeFilter AND @site GROUP BY %s%s`, f.measurement, group, perSite)
	sites := fmt.Sprintf(`SELECT %s %s%s`, f.columns(f.how), points, fill)
	if f.how != "max" {
		sites = fmt.Sprintf(`SELECT %s FROM (SELECT %s %s, "sensor"%s)%s GROUP BY %s%s%s`, f.columns("max"), f.columns(f.how), points, fill, within, group, perSite, fill)
	}
	if f.each {
		return sites
	}
	if times != "" {
		group = " GROUP BY " + times
	}
	return fmt.Sprintf(`SELECT %s FROM (%s)%s%s%s`, f.columns("sum"), sites, within, group, fill)
}

func (f figure) metrics(field, span string) string {
	sites := fmt.Sprintf(`max by (customer, site) (%s_over_time(%s_%s{@site}[%s]))`, f.how, f.measurement, field, span)
	if f.each {
		return sites
	}
	return "sum(" + sites + ")"
}
