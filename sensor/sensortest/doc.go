// Package sensortest runs a capture through the whole sensor inside the test's
// own process: what every end-to-end test calls. It finds the corpus of real
// captures where that lies beside the checkout. Product code never imports it.
package sensortest
