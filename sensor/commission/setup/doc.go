// Package setup checks, before anything runs, what a sensor needs: its
// configuration and every file that it names, rights, interfaces, the store's
// folder and the outputs.
//
// It tells all that is wrong at once. It changes nothing here. It proves the way
// to InfluxDB by a point, of a measurement that is for this alone, unless it is
// told to ask nobody; it never posts to a webhook, which would wake somebody.
package setup
