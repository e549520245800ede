// Package truth writes what a generated capture holds: which calls, how they
// ended, which streams with how many packets, which of it was an attack.
//
// The document is one JSON object that is written as calls end, in memory that
// does not grow with them; docs/siplab.md describes every field. Its words for
// states and directions are those of the sensor's own records, so that a scorer
// can lay both side by side. It holds no opinion: nothing here says what should
// have been noticed, or what it cost.
package truth
