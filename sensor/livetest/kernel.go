package livetest

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

// kernelPrograms are the numbers of the kernel programs that the process holds
// (proc_pid_fdinfo(5)).
func (p *Process) kernelPrograms() (numbers []uint32) {
	p.t.Helper()
	all, err := filepath.Glob("/proc/" + strconv.Itoa(p.cmd.Process.Pid) + "/fdinfo/*")
	if err != nil {
		p.t.Fatal(err)
	}
	for _, name := range all {
		b, _ := os.ReadFile(name) // the file may have been closed
		for line := range strings.Lines(string(b)) {
			if number, ok := strings.CutPrefix(line, "prog_id:"); ok {
				n, _ := strconv.ParseUint(strings.TrimSpace(number), 10, 32)
				numbers = append(numbers, uint32(n))
			}
		}
	}
	slices.Sort(numbers)
	return slices.Compact(numbers)
}

// loaded says that the kernel still has a program (bpf(2), BPF_PROG_GET_FD_BY_ID).
func loaded(number uint32) bool {
	const programByNumber = 13
	attributes := struct{ number, next, flags uint32 }{number: number}
	fd, _, errno := unix.Syscall(unix.SYS_BPF, programByNumber, uintptr(unsafe.Pointer(&attributes)), unsafe.Sizeof(attributes))
	if errno == 0 {
		unix.Close(int(fd))
	}
	return errno != unix.ENOENT
}
