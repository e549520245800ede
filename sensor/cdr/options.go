package cdr

import (
	"fmt"
	"time"
)

// Options say what is known of a file.
type Options struct {
	Format *Format        // nil = found out
	Zone   *time.Location // of times without one; nil = UTC
}

// ParseOptions reads what a configuration or a command line says of files: the
// name of a format or a mapping of columns, and a time zone. Each may be empty:
// the format is found out then, and the zone is the site's.
func ParseOptions(format, columns, zone string, site *time.Location) (o Options, err error) {
	o.Zone = site
	if zone != "" {
		if o.Zone, err = time.LoadLocation(zone); err != nil {
			return o, fmt.Errorf("time zone %q: want a name like Europe/Paris", zone)
		}
	}
	switch {
	case format != "" && columns != "":
		return o, fmt.Errorf("format %q: give it or columns, not both", format)
	case columns != "":
		m, err := ParseMapping(columns)
		if err != nil {
			return o, err
		}
		f := Generic(m)
		o.Format = &f
	case format != "":
		f, err := LookupFormat(format)
		if err != nil {
			return o, err
		}
		o.Format = &f
	}
	return o, nil
}
