// Package scenario turns parameters and a seed into the plan of one site: the
// office's day, and whatever is done to it. Parameters have names and limits
// ([Keys]), stand in files ([Load]) and on the command line
// ([Parameters.Set]); memory does not grow with the length of what they plan.
package scenario
