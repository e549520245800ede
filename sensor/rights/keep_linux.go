package rights

import (
	"errors"
	"fmt"
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// ErrThreads says that rights cannot be given up on all threads: a program with
// cgo has threads that Go does not know, and then none of them gives up any.
var ErrThreads = errors.New("this build uses cgo, whose threads keep their capabilities: build it with CGO_ENABLED=0")

// thread is what the calling thread uses, and what it may take up. Threads of a
// process differ only while one runs in Raised.
func thread() (effective, permitted Set, err error) {
	h := header()
	var data [2]unix.CapUserData
	if err := unix.Capget(&h, &data[0]); err != nil {
		return 0, 0, fmt.Errorf("read the capabilities: %w", err)
	}
	return join(data[0].Effective, data[1].Effective), join(data[0].Permitted, data[1].Permitted), nil
}

// Keep gives up, on all threads and for good, every capability that is not in
// wanted, and returns those of wanted that the process has: they stay permitted, and
// are not effective before Raised. Nothing that is executed later has any.
//
// It returns ErrThreads, and changes nothing, where that cannot be done.
func Keep(wanted Set) (kept Set, err error) {
	if err := prctl("set no_new_privs", unix.PR_SET_NO_NEW_PRIVS, 1); err != nil {
		return 0, err
	}
	if err := unbound(); err != nil {
		return 0, err
	}
	if err := prctl("clear the ambient set", unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_CLEAR_ALL); err != nil {
		return 0, err
	}
	_, permitted, err := thread()
	if err != nil {
		return 0, err
	}
	kept = permitted & wanted
	h, data := header(), split(0, kept)
	_, _, errno := syscall.AllThreadsSyscall(unix.SYS_CAPSET, uintptr(unsafe.Pointer(&h)), uintptr(unsafe.Pointer(&data[0])), 0)
	return kept, outcome("give up capabilities", errno)
}

// unbound empties the bounding set, as far as the process has the right to.
func unbound() error {
	for n := uintptr(0); n < 64; n++ {
		in, err := unix.PrctlRetInt(unix.PR_CAPBSET_READ, n, 0, 0, 0)
		if err != nil {
			return nil // the kernel knows no more
		}
		if in == 0 {
			continue
		}
		err = prctl("empty the bounding set", unix.PR_CAPBSET_DROP, n)
		if errors.Is(err, unix.EPERM) {
			return nil // without CAP_SETPCAP: no_new_privs alone has to do
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Raised runs do on a thread that uses what is permitted of set. What it may not
// have do does without, and says so itself.
func Raised(set Set, do func()) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	effective, permitted, err := thread()
	if err != nil {
		do()
		return
	}
	h, raised, back := header(), split(effective|permitted&set, permitted), split(effective, permitted)
	if unix.Capset(&h, &raised[0]) == nil {
		defer unix.Capset(&h, &back[0])
	}
	do()
}

// prctl does it on all threads.
func prctl(doing string, option, argument uintptr) error {
	_, _, errno := syscall.AllThreadsSyscall6(unix.SYS_PRCTL, option, argument, 0, 0, 0, 0)
	return outcome(doing, errno)
}

func outcome(doing string, errno syscall.Errno) error {
	switch errno {
	case 0:
		return nil
	case syscall.ENOTSUP:
		return ErrThreads
	}
	return fmt.Errorf("%s: %w", doing, errno)
}

// header asks for the calling thread.
func header() unix.CapUserHeader {
	return unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
}

func join(low, high uint32) Set { return Set(high)<<32 | Set(low) }

// split makes what capset takes; nothing is inheritable.
func split(effective, permitted Set) [2]unix.CapUserData {
	return [2]unix.CapUserData{
		{Effective: uint32(effective), Permitted: uint32(permitted)},
		{Effective: uint32(effective >> 32), Permitted: uint32(permitted >> 32)},
	}
}
