// Package setup checks, before anything runs, what a sensor needs: its
// configuration and every file that it names, rights, interfaces, the store's
// folder and the outputs.
//
// It tells all that is wrong at once. It changes nothing, and sends nothing: a
// server that is named is not asked.
package setup
