package influxtest

import (
	"net/url"
	"strings"
	"testing"

	"tollwatch/sensor/livetest"
)

// Option changes how a server is started.
type Option func(*options)

type options struct {
	folder, address string
	user, password  string
	flux            bool
	certificate     string
	key             string
	flags           []string
}

// In keeps the data in a folder that outlives the server.
func In(folder string) Option { return func(o *options) { o.folder = folder } }

// On listens at an address of the loopback, host and port.
func On(address string) Option { return func(o *options) { o.address = address } }

// Flux lets InfluxDB answer Flux.
func Flux() Option { return func(o *options) { o.flux = true } }

// Login makes InfluxDB ask for a name and a password. The one given is made as
// its administrator, unless the folder has one already.
func Login(user, password string) Option {
	return func(o *options) { o.user, o.password = user, password }
}

// TLS makes InfluxDB show a certificate; the functions that ask it cannot be used
// then.
func TLS(certificate, key string) Option {
	return func(o *options) { o.certificate, o.key = certificate, key }
}

// Flag adds an argument to VictoriaMetrics.
func Flag(flag string) Option { return func(o *options) { o.flags = append(o.flags, flag) } }

func collect(t testing.TB, given []Option) options {
	var o options
	for _, set := range given {
		set(&o)
	}
	if o.folder == "" {
		o.folder = t.TempDir()
	}
	return o
}

// InfluxdVersion is the last that builds from modules alone.
const InfluxdVersion = "1.8.3"

// Influxd runs InfluxDB; it ends with the test.
func Influxd(t testing.TB, given ...Option) *Server {
	t.Helper()
	program := livetest.Built(t, "influxd", InfluxdVersion)
	o := collect(t, given)
	s := begin(t, o, func(address string) *Server {
		s := &Server{URL: "http://" + address, t: t, program: program, args: []string{"run"}, ready: "Listening on HTTP"}
		if o.certificate != "" {
			s.URL = "https://" + address
		}
		s.env = o.influxd(address, FreePort(t))
		return s
	})
	if o.user != "" {
		s.admit(o.user, o.password)
	}
	return s
}

// influxd is InfluxDB's configuration; rpc is a port that it wants besides.
func (o *options) influxd(address, rpc string) []string {
	env := []string{"HOME=" + o.folder, "INFLUXDB_META_DIR=" + o.folder + "/meta", "INFLUXDB_DATA_DIR=" + o.folder + "/data",
		"INFLUXDB_DATA_WAL_DIR=" + o.folder + "/wal", "INFLUXDB_HTTP_BIND_ADDRESS=" + address,
		"INFLUXDB_BIND_ADDRESS=" + rpc, "INFLUXDB_REPORTING_DISABLED=true", "INFLUXDB_MONITOR_STORE_ENABLED=false"}
	if o.flux {
		env = append(env, "INFLUXDB_HTTP_FLUX_ENABLED=true")
	}
	if o.user != "" {
		env = append(env, "INFLUXDB_HTTP_AUTH_ENABLED=true")
	}
	if o.certificate != "" {
		env = append(env, "INFLUXDB_HTTP_HTTPS_ENABLED=true", "INFLUXDB_HTTP_HTTPS_CERTIFICATE="+o.certificate, "INFLUXDB_HTTP_HTTPS_PRIVATE_KEY="+o.key)
	}
	return env
}

// admit makes the administrator; a server that has one lets nobody make another
// without him.
func (s *Server) admit(user, password string) {
	s.t.Helper()
	s.User, s.Password = user, password
	q := "CREATE USER " + quote(user) + " WITH PASSWORD '" + password + "' WITH ALL PRIVILEGES"
	_, err := s.post("/query", url.Values{"q": {q}})
	if err != nil && !strings.Contains(err.Error(), "user already exists") {
		s.t.Fatal(err)
	}
}

// Token is what the compatible write path of InfluxDB 1 takes for a token.
func (s *Server) Token() string {
	if s.User == "" {
		return ""
	}
	return s.User + ":" + s.Password
}

// Victoria runs VictoriaMetrics 1.151.0 on one node, which keeps all that it is
// given; it ends with the test.
func Victoria(t testing.TB, given ...Option) *Server {
	t.Helper()
	program := livetest.Built(t, "victoria-metrics", "1.151.0")
	o := collect(t, given)
	return begin(t, o, func(address string) *Server {
		// Without a bound on its memory each of several servers on a machine plans
		// with most of it.
		args := append([]string{"-httpListenAddr=" + address, "-storageDataPath=" + o.folder, "-retentionPeriod=100y",
			"-search.latencyOffset=0s", "-memory.allowedBytes=100MB"}, o.flags...)
		return &Server{URL: "http://" + address, t: t, program: program, args: args, ready: "started server at", flush: true}
	})
}
