// Package influx turns calls, alerts and the sensor's own figures into points
// and writes them to one InfluxDB.
//
// It promises that whoever hands it something never waits; that tags come from
// bounded sets only; that the last four digits of numbers stay here; that no
// two points of a series share a nanosecond; and that every point is counted:
// done, reject or lost. Points wait in memory while the server is away, alerts
// apart from the rest and ahead of it. What finds no room there, or still waits
// when the process ends, is lost and counted.
//
// It does not read from the server, does not keep points on disk, and does not
// believe any answer but 204.
package influx
