// Package calendar turns what a person says of a site's hours into answers: is
// somebody there now, when will somebody come next, which day is it. It knows
// public holidays by their law, and no clock: every time is given, in the site's
// location.
package calendar
