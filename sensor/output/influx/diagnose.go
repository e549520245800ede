package influx

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"

	client "github.com/influxdata/influxdb-client-go/v2/api/http"
)

// Place is where a write goes, for what is said of it.
type Place struct {
	URL, Org, Bucket, TokenFile string

	BucketKey string // of [influx], which names the bucket; empty: bucket
}

func (p Place) bucketKey() string { return cmp.Or(p.BucketKey, "bucket") }

// Diagnosis is what an error says of the way: what was found, in the server's own
// terms, and what to do.
type Diagnosis struct {
	Kind      Kind
	Found, Do string
}

// Text is both in one line.
func (d Diagnosis) Text() string {
	if d.Do == "" {
		return d.Found
	}
	return d.Found + ": " + d.Do
}

// Diagnose turns the error of a write into what is wrong with the way, and into
// one line that says what to do.
func Diagnose(err error, at Place) (Kind, string) {
	d := Examine(err, at)
	return d.Kind, d.Text()
}

// Examine is Diagnose for those who show the two parts apart.
func Examine(err error, at Place) Diagnosis {
	var answer *client.Error
	var odd *oddAnswer
	switch {
	case err == nil:
		return Diagnosis{}
	case errors.As(err, &odd):
		return ofOdd(odd, at)
	case errors.As(err, &answer) && answer.StatusCode > 0:
		return ofStatus(answer, at)
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrPermission):
		return Diagnosis{Unauthorised, fmt.Sprintf("the token cannot be read: %v", err), "check token_file in [influx]"}
	case isCertificate(err):
		return ofCertificate(err, at)
	}
	return ofLine(err, at)
}

func ofOdd(o *oddAnswer, at Place) Diagnosis {
	d := Diagnosis{NotInflux, fmt.Sprintf("%s answered %s where InfluxDB answers 204", at.URL, o.String()), "check url in [influx]; is a portal or a proxy before the server?"}
	if strings.Contains(o.text, "HTTP request to an HTTPS server") {
		d.Do = "the server wants TLS: let url in [influx] begin with https://"
	}
	return d
}

func ofStatus(a *client.Error, at Place) Diagnosis {
	said := strings.TrimSpace(fmt.Sprintf("%d %s", a.StatusCode, strings.TrimSpace(a.Message)))
	if d, ok := ofPlace(a, said, at); ok {
		return d
	}
	switch code := a.StatusCode; {
	case code == http.StatusUnauthorized && at.TokenFile == "":
		return Diagnosis{Unauthorised, fmt.Sprintf("%s wants a token (%s)", at.URL, said), "name its file as token_file in [influx]"}
	case code == http.StatusUnauthorized && strings.Contains(a.Message, "unable to parse authentication"):
		return Diagnosis{Unauthorised, fmt.Sprintf("%s cannot read the token (%s)", at.URL, said), "write user:password of InfluxDB 1 into " + at.TokenFile + ", without a space"}
	case code == http.StatusUnauthorized:
		return Diagnosis{Unauthorised, fmt.Sprintf("%s does not know the token (%s)", at.URL, said), "check " + at.TokenFile + "; of InfluxDB 1 it holds user:password"}
	case code == http.StatusForbidden:
		return Diagnosis{Forbidden, fmt.Sprintf("the token may not write to bucket %q%s (%s)", at.Bucket, at.ofOrg(), said), "give it write access there"}
	case code == http.StatusTooManyRequests:
		return Diagnosis{Throttled, fmt.Sprintf("%s wants less at a time (%s)", at.URL, said), "raise the limit of the server or of its plan"}
	case code == http.StatusMethodNotAllowed, code == http.StatusNotImplemented:
		return Diagnosis{NotInflux, fmt.Sprintf("%s takes no points (%s)", at.URL, said), "check url in [influx]"}
	case code >= 500:
		return Diagnosis{ServerError, fmt.Sprintf("%s is ill (%s)", at.URL, said), "look into the server's own log"}
	case code >= 300 && code < 400:
		return Diagnosis{NotInflux, fmt.Sprintf("%s redirects elsewhere (%d to %q)", at.URL, code, a.Header.Get("Location")), "check url in [influx]; is a portal before the server?"}
	}
	return Diagnosis{RefusedPoints, fmt.Sprintf("%s refused points for bucket %q (%s)", at.URL, at.Bucket, said), "look into the server's own log; does anything else write to the bucket?"}
}

func (p Place) ofOrg() string {
	if p.Org == "" {
		return ""
	}
	return fmt.Sprintf(" of organisation %q", p.Org)
}

// misplaced are words of the servers that blame the place and not the points,
// whatever status they come with: InfluxDB 1 says 500 of a policy that is not
// there, 2 says 400 of an organisation that is missing, 3 says 422 of one
// database too many. BUCKET stands for the key that names the bucket.
var misplaced = []struct{ words, what, do string }{
	{"retention policy not found", "the retention policy that bucket %q names after its / is not there", "create it (CREATE RETENTION POLICY), or correct BUCKET in [influx]"},
	{"database not found", "database %q is not there", "create it (CREATE DATABASE), or correct BUCKET in [influx]"},
	{"either orgID or org", "the server of bucket %q wants an organisation", "give org in [influx]"},
	{"organization name", "the organisation of bucket %q is not there, or not the token's", "correct org in [influx]"},
	{"Adding a new database would exceed", "bucket %q would be one database too many for the server", "write to one that is there, or raise its limit"},
}

// misplacedBy is the index of the words that blame the place; -1: none do.
func misplacedBy(a *client.Error) int {
	for i := range misplaced {
		if strings.Contains(a.Message, misplaced[i].words) {
			return i
		}
	}
	return -1
}

// ofPlace reads what a server says of the place.
func ofPlace(a *client.Error, said string, at Place) (Diagnosis, bool) {
	if i := misplacedBy(a); i >= 0 {
		m := &misplaced[i]
		return Diagnosis{NotFound, fmt.Sprintf(m.what, at.Bucket) + " (" + said + ")", strings.ReplaceAll(m.do, "BUCKET", at.bucketKey())}, true
	}
	version := a.Header.Get("X-Influxdb-Version")
	switch {
	case a.StatusCode != http.StatusNotFound:
		return Diagnosis{}, false
	case strings.Contains(a.Message, "page not found") && version != "":
		return Diagnosis{NotInflux, fmt.Sprintf("%s is InfluxDB %s, which has no /api/v2/write", at.URL, version), "InfluxDB 1.8 or later is needed"}, true
	case strings.Contains(a.Message, "not found") && strings.Contains(a.Message, "bucket"):
		return Diagnosis{NotFound, fmt.Sprintf("bucket %q%s is not there (%s)", at.Bucket, at.ofOrg(), said), "check " + at.bucketKey() + ", org and url in [influx]"}, true
	}
	return Diagnosis{NotFound, fmt.Sprintf("%s has nothing that takes points for bucket %q%s (%s)", at.URL, at.Bucket, at.ofOrg(), said),
		"check " + at.bucketKey() + ", org and url in [influx]: is it InfluxDB?"}, true
}

func isCertificate(err error) bool {
	var verification *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	return errors.As(err, &verification) || errors.As(err, &authority) || errors.As(err, &host) || errors.As(err, &invalid)
}

func ofCertificate(err error, at Place) Diagnosis {
	d := Diagnosis{Certificate, fmt.Sprintf("the certificate of %s is not accepted: %v", at.URL, inner(err)), "check url, the certificate and this machine's clock"}
	var authority x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		d.Do = "renew it, if this machine's clock is right (timedatectl)"
	case errors.As(err, &host):
		d.Do = "let url in [influx] have a name that the certificate has"
	case errors.As(err, &authority):
		d.Do = "give this machine the authority's certificate (/usr/local/share/ca-certificates and update-ca-certificates)"
	}
	return d
}

// ofLine is about servers that gave no answer.
func ofLine(err error, at Place) Diagnosis {
	d := Diagnosis{Unreachable, fmt.Sprintf("%s cannot be reached: %v", at.URL, inner(err)), "check url in [influx]"}
	var name *net.DNSError
	var record tls.RecordHeaderError
	var late interface{ Timeout() bool }
	switch {
	case strings.Contains(err.Error(), "malformed HTTP"):
		return Diagnosis{NotInflux, at.URL + " answers in something else than HTTP", "let url in [influx] have InfluxDB's port, and begin with https:// where the server wants TLS"}
	case strings.Contains(err.Error(), "HTTP response to HTTPS client"), errors.As(err, &record):
		return Diagnosis{NotInflux, at.URL + " speaks no TLS", "let url in [influx] begin with http://, or give the server a certificate"}
	case strings.Contains(err.Error(), "invalid header field value"):
		return Diagnosis{Unauthorised, "the token has more than one line, or letters that no token has", "check " + at.TokenFile}
	case errors.As(err, &name) && name.IsNotFound:
		d.Do = "the name is not known: check url in [influx] and the resolver of this machine"
	case errors.As(err, &name):
		d.Do = "names are not resolved: check the resolver of this machine and its line"
	case errors.Is(err, syscall.ECONNREFUSED):
		d.Do = "nothing listens there: does the server run, is the port right?"
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH):
		d.Do = "there is no way to it: check this machine's line"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		d.Do = "the other end hangs up: does url in [influx] have InfluxDB's port, and https:// where the server wants TLS?"
	case errors.As(err, &late) && late.Timeout():
		d.Do = "nobody answers: a firewall on the way, or a server that hangs?"
	}
	return d
}

// inner leaves out what the client and the library of HTTP put before a reason:
// the method and the address, with all of their parameters; and our own end of a
// connection, whose port is another each time, so that one cause has one text.
func inner(err error) error {
	var ours *client.Error
	if errors.As(err, &ours) && ours.Err != nil {
		err = ours.Err
	}
	var request *url.Error
	if errors.As(err, &request) {
		err = request.Err
	}
	var line *net.OpError
	if errors.As(err, &line) && line.Source != nil {
		short := *line
		short.Source = nil
		return &short
	}
	return err
}
