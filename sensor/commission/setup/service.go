package setup

import (
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"

	"golang.org/x/sys/unix"
)

// account is the user that the package's service runs as.
const account = "tollwatch"

// service is the user that the sensor runs as, where that is not who checks: root
// may read what it may not, and would find no fault.
type service struct {
	name, group string
	uid         uint32
	groups      []uint32
}

// serviceOf is the owner of the store's folder, or the package's user; nil where
// this is not root, or there is neither.
func serviceOf(dir string) *service {
	if os.Geteuid() != 0 {
		return nil
	}
	var u *user.User
	var err error
	id, foreign := owner(dir)
	if foreign {
		u, err = user.LookupId(strconv.Itoa(id))
	} else {
		u, err = user.Lookup(account)
	}
	switch {
	case err == nil:
		return known(u)
	case foreign: // a user without a name
		return &service{name: strconv.Itoa(id), group: strconv.Itoa(id), uid: uint32(id), groups: []uint32{uint32(id)}}
	}
	return nil
}

func known(u *user.User) *service {
	number := func(s string) uint32 { n, _ := strconv.ParseUint(s, 10, 32); return uint32(n) } // digits, of Linux
	s := &service{name: u.Username, group: u.Gid, uid: number(u.Uid), groups: []uint32{number(u.Gid)}}
	if g, err := user.LookupGroupId(u.Gid); err == nil {
		s.group = g.Name
	}
	more, _ := u.GroupIds() // without them it is judged by its own group
	for _, id := range more {
		s.groups = append(s.groups, number(id))
	}
	return s
}

// The bits of a mode for others; those of the group and of the owner are three and
// six to the left.
const (
	mayEnter = 0o1
	mayRead  = 0o4
)

// hindered is what keeps the service from reading a file, and what to do; nothing
// where it can, and of a file that is not there.
func (s *service) hindered(path string) (found, advice string) {
	whole, err := filepath.Abs(path)
	if err == nil {
		whole, err = filepath.EvalSymlinks(whole)
	}
	if err != nil {
		return "", ""
	}
	for dir := filepath.Dir(whole); ; dir = filepath.Dir(dir) {
		if !s.may(dir, mayEnter) {
			found = fmt.Sprintf("the sensor's user %s may not enter %s", s.name, dir)
			advice = "move the file to /etc/tollwatch, or chmod o+x " + dir
		}
		if dir == filepath.Dir(dir) {
			break
		}
	}
	if found == "" && !s.may(whole, mayRead) {
		return fmt.Sprintf("the sensor's user %s may not read %s", s.name, path), s.give(path)
	}
	return found, advice
}

// give is how the service, and nobody else, is let read a file.
func (s *service) give(path string) string {
	return fmt.Sprintf("chgrp %s %s; chmod 640 %s", s.group, path, path)
}

// may looks at the mode. Where there is an access list, the bits do not tell, and it
// is taken for granted.
func (s *service) may(path string, bit uint32) bool {
	var i unix.Stat_t
	if unix.Stat(path, &i) != nil || s.uid == 0 {
		return true
	}
	if n, err := unix.Getxattr(path, "system.posix_acl_access", nil); err == nil && n > 0 {
		return true
	}
	switch mode := uint32(i.Mode); {
	case i.Uid == s.uid:
		return mode&(bit<<6) != 0
	case slices.Contains(s.groups, i.Gid):
		return mode&(bit<<3) != 0
	default:
		return mode&bit != 0
	}
}
