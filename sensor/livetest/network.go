package livetest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
)

// Mirror is what the switch shows on the sensor's port.
type Mirror uint8

// The mirrors. OneWay shows what is sent to the PBX, and not what it answers.
const (
	Whole Mirror = iota + 1
	OneWay
	None
)

// prefix begins the name of every namespace, before the process that made it.
const prefix = "twl"

var networks atomic.Int32

// Network is a switch, with one namespace a host.
type Network struct {
	t      testing.TB
	name   string
	hosts  map[string]*Host
	mirror Mirror
}

// Host is a machine of a network. Its port is called eth0.
type Host struct {
	Name string
	ns   string
	net  *Network
}

// NewNetwork makes a switch. It is bounded by the test: when that ends, however
// it does but by a signal, all of it is removed; what a killed process left is
// removed by the next one.
func NewNetwork(t testing.TB, m Mirror) *Network {
	t.Helper()
	Namespaces(t)
	Programs(t, "bridge", "sysctl")
	sweep()
	n := &Network{t: t, name: fmt.Sprintf("%s-%d-%d", prefix, os.Getpid(), networks.Add(1)), hosts: map[string]*Host{}, mirror: m}
	n.namespace("sw")
	// Ageing 0: the switch learns nobody's port and sends every frame out of all.
	n.ip("-n", n.name+"-sw", "link", "add", "br0", "type", "bridge", "ageing_time", "0", "mcast_snooping", "0")
	n.ip("-n", n.name+"-sw", "link", "set", "br0", "up")
	return n
}

// settings of each namespace: no IPv6, and bridges that let no packet filter look
// into what they pass, which would drop and cut what is malformed. Kernels without
// that filter do not know them.
var settings = []string{
	"net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1",
	"net.bridge.bridge-nf-call-iptables=0", "net.bridge.bridge-nf-call-ip6tables=0", "net.bridge.bridge-nf-call-arptables=0",
}

func (n *Network) namespace(host string) string {
	n.t.Helper()
	ns := n.name + "-" + host
	n.ip("netns", "add", ns)
	n.t.Cleanup(func() { exec.Command("ip", "netns", "delete", ns).Run() })
	run(n.t, "ip", append([]string{"netns", "exec", ns, "sysctl", "-eqw"}, settings...)...)
	n.ip("-n", ns, "link", "set", "lo", "up")
	return ns
}

// Host adds a machine with addresses (10.9.0.2/24), whose frames the mirror shows
// as the network says.
func (n *Network) Host(name string, addresses ...string) *Host {
	n.t.Helper()
	h := n.plug(name)
	for _, a := range addresses {
		n.ip("-n", h.ns, "address", "add", a, "dev", "eth0")
	}
	// An entry that says where a machine is takes its frames away from all others.
	if known := n.mirror == None || n.mirror == OneWay && name != "pbx"; known {
		run(n.t, "bridge", "-n", n.name+"-sw", "fdb", "add", h.hardware(), "dev", name, "master", "static")
	}
	return h
}

// Sensor adds the machine with the mirror port: no address, and a large MTU, as
// one sets it there.
func (n *Network) Sensor() *Host {
	n.t.Helper()
	return n.plug("sensor")
}

// Again gives a machine a second port, eth1, on which the mirror shows the same.
func (n *Network) Again(h *Host) {
	n.t.Helper()
	n.wire(h.Name+"2", h, "eth1")
}

func (n *Network) plug(name string) *Host {
	h := &Host{Name: name, ns: n.namespace(name), net: n}
	n.join(name, h)
	n.hosts[name] = h
	return h
}

// join makes the wire between a machine and the switch.
func (n *Network) join(name string, h *Host) { n.t.Helper(); n.wire(name, h, "eth0") }

// wire makes one, from a port of the switch to one of a machine.
func (n *Network) wire(name string, h *Host, port string) {
	n.t.Helper()
	n.ip("-n", n.name+"-sw", "link", "add", name, "type", "veth", "peer", "name", port, "netns", h.ns)
	n.ip("-n", n.name+"-sw", "link", "set", name, "master", "br0", "up")
	n.ip("-n", h.ns, "link", "set", port, "up")
	Await(n.t, "the wire of "+h.Name, func() bool { return h.file(port, "operstate") == "up" })
}

// MTU lets every wire and the switch carry frames so long.
func (n *Network) MTU(bytes int) {
	n.t.Helper()
	size := strconv.Itoa(bytes)
	for name, h := range n.hosts {
		n.ip("-n", n.name+"-sw", "link", "set", name, "mtu", size)
		n.ip("-n", h.ns, "link", "set", "eth0", "mtu", size)
	}
	n.ip("-n", n.name+"-sw", "link", "set", "br0", "mtu", size)
}

func (n *Network) ip(args ...string) { n.t.Helper(); run(n.t, "ip", args...) }

// IP runs ip(8) in the machine.
func (h *Host) IP(args ...string) string {
	h.net.t.Helper()
	return run(h.net.t, "ip", append([]string{"-n", h.ns}, args...)...)
}

// Between puts a machine into the wire of another: what that one sends and gets
// passes its ports left and right.
func (n *Network) Between(name string) *Host {
	n.t.Helper()
	h := &Host{Name: "mid" + name, ns: n.namespace("mid" + name), net: n}
	n.ip("-n", n.name+"-sw", "link", "del", name) // and its other end
	n.ip("-n", h.ns, "link", "add", "left", "type", "veth", "peer", "name", "eth0", "netns", n.hosts[name].ns)
	n.ip("-n", n.name+"-sw", "link", "add", name, "type", "veth", "peer", "name", "right", "netns", h.ns)
	n.ip("-n", h.ns, "link", "add", "br0", "type", "bridge", "mcast_snooping", "0")
	for _, port := range []string{"left", "right"} {
		n.ip("-n", h.ns, "link", "set", port, "master", "br0", "up")
	}
	n.ip("-n", h.ns, "link", "set", "br0", "up")
	n.ip("-n", n.name+"-sw", "link", "set", name, "master", "br0", "up")
	n.ip("-n", n.hosts[name].ns, "link", "set", "eth0", "up")
	return h
}

func (h *Host) hardware() string { return h.file("eth0", "address") }

// Sent is how many packets the machine's port has sent so far.
func (h *Host) Sent() int { h.net.t.Helper(); return h.SentOn("eth0") }

// SentOn is how many one of its ports has.
func (h *Host) SentOn(port string) int {
	h.net.t.Helper()
	n, err := strconv.Atoi(h.file(port, "statistics/tx_packets"))
	if err != nil {
		h.net.t.Fatal(err)
	}
	return n
}

// file reads what the kernel says of a port.
func (h *Host) file(port, name string) string {
	h.net.t.Helper()
	return strings.TrimSpace(run(h.net.t, "ip", "netns", "exec", h.ns, "cat", "/sys/class/net/"+port+"/"+name))
}

// Promiscuity is how many programs have the port in promiscuous mode.
func (h *Host) Promiscuity() string {
	h.net.t.Helper()
	_, after, _ := strings.Cut(h.IP("-d", "link", "show", "eth0"), "promiscuity ")
	return strings.Fields(after + " ?")[0]
}

// Command is a program in the machine; a signal to its process is one to the
// program.
func (h *Host) Command(program string, args ...string) *exec.Cmd {
	return exec.Command("ip", append([]string{"netns", "exec", h.ns, program}, args...)...)
}

// sweep removes the namespaces of processes that are gone.
func sweep() {
	all, _ := filepath.Glob("/run/netns/" + prefix + "-*")
	for _, path := range all {
		name := filepath.Base(path)
		pid, err := strconv.Atoi(strings.Split(name, "-")[1])
		if err == nil && syscall.Kill(pid, 0) == syscall.ESRCH {
			exec.Command("ip", "netns", "delete", name).Run()
		}
	}
}

func run(t testing.TB, program string, args ...string) string {
	t.Helper()
	out, err := exec.Command(program, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", program, strings.Join(args, " "), err, out)
	}
	return string(out)
}
