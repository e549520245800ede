// Package arch holds the structure of the repository: its tests walk the
// folders, parse every import and fail when data would flow backwards, when a
// pure folder touches the world, or when a library leaves the one package that
// may use it. It has no code of its own.
package arch
