// Package reconcile lays what an operator billed beside the calls that the
// sensor saw. A billed call that was never seen, while the sensor watched and
// lost nothing, was made elsewhere with the site's credentials: nothing on the
// wire shows that.
//
// It promises that a call is matched with one bill at most and that as many as
// can be are matched; that what was billed outside the watched time accuses
// nobody; and that a clock that is wrong, by seconds or by whole hours, is found
// out first.
package reconcile
