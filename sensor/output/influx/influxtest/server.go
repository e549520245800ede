package influxtest

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
)

// Server is one process of a real server.
type Server struct {
	URL            string
	User, Password string // of an administrator; empty: the server asks for none

	t       testing.TB
	program string
	args    []string
	env     []string
	ready   string // what its log says when it listens
	flush   bool   // it makes points visible when it is told to
	process *os.Process
	ended   chan struct{} // closed when the process is gone
	log     atomic.Pointer[string]
}

// FreePort is an address of the loopback that nothing listens on.
func FreePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// tries is how many ports are tried: between the look and the start somebody else
// may take one.
const tries = 3

// begin starts a server at a free port, or at the one that was asked for.
func begin(t testing.TB, o options, made func(address string) *Server) *Server {
	t.Helper()
	for try := 1; ; try++ {
		address := o.address
		if address == "" {
			address = FreePort(t)
		}
		s := made(address)
		err := s.start()
		if err == nil {
			t.Cleanup(s.Kill)
			return s
		}
		if o.address != "" || try == tries {
			t.Fatal(err)
		}
	}
}

// Start runs the server again after Kill: on the same address and folder. It
// returns when the server listens.
func (s *Server) Start() {
	s.t.Helper()
	if err := s.start(); err != nil {
		s.t.Fatal(err)
	}
}

func (s *Server) start() error {
	read, write, err := os.Pipe()
	if err != nil {
		return err
	}
	ended, started := make(chan struct{}), make(chan error, 1)
	s.ended = ended
	go s.run(write, started, ended)
	if err := <-started; err != nil {
		read.Close()
		return err
	}
	ready := make(chan bool, 1)
	go s.read(read, ready)
	if !<-ready {
		<-ended
		return fmt.Errorf("%s ended before it listened: %s", filepath.Base(s.program), *s.log.Load())
	}
	return nil
}

// run is the life of the process. Its thread stays its own: should this program
// end by force, the kernel ends the server with the thread that started it.
func (s *Server) run(log *os.File, started chan<- error, ended chan<- struct{}) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(ended)
	c := exec.Command(s.program, s.args...)
	c.Env = append(os.Environ(), s.env...)
	c.Stdout, c.Stderr = log, log
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	err := c.Start()
	log.Close()
	s.process = c.Process
	started <- err
	if err == nil {
		c.Wait() // that it was killed is no news
	}
}

// read drains the log, keeps its last line and tells when the server listens.
func (s *Server) read(log io.ReadCloser, ready chan<- bool) {
	defer log.Close()
	s.log.Store(new(string))
	for lines := bufio.NewScanner(log); lines.Scan(); {
		line := lines.Text()
		s.log.Store(&line)
		if strings.Contains(line, s.ready) {
			ready <- true
			break
		}
	}
	select {
	case ready <- false:
	default:
	}
	io.Copy(io.Discard, log)
}

// Kill ends the server as kill -9 does, and returns when it is gone.
func (s *Server) Kill() {
	s.process.Kill() // that it has ended already is as well
	<-s.ended
}
