package influx

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"strings"

	client "github.com/influxdata/influxdb-client-go/v2/api/http"
)

// Place is where a write goes, for what is said of it.
type Place struct{ URL, Org, Bucket, TokenFile string }

// Diagnose turns the error of a write into what is wrong with the way, and into
// one line that says what to do.
func Diagnose(err error, at Place) (Kind, string) {
	var answer *client.Error
	var odd *oddAnswer
	switch {
	case err == nil:
		return None, ""
	case errors.As(err, &odd):
		return NotInflux, fmt.Sprintf("%s answered %s where InfluxDB answers 204: check url in [influx]; is a portal or a proxy before the server?", at.URL, odd)
	case errors.As(err, &answer) && answer.StatusCode > 0:
		return ofStatus(answer, at)
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrPermission):
		return Unauthorised, fmt.Sprintf("the token cannot be read: %v: check token_file in [influx]", err)
	case isCertificate(err):
		return Certificate, fmt.Sprintf("the certificate of %s is not accepted: %v: check url, the certificate and this machine's clock", at.URL, inner(err))
	}
	return Unreachable, fmt.Sprintf("%s cannot be reached: %v", at.URL, inner(err))
}

func ofStatus(a *client.Error, at Place) (Kind, string) {
	said := fmt.Sprintf("%d %s", a.StatusCode, strings.TrimSpace(a.Message))
	switch code := a.StatusCode; {
	case code == http.StatusUnauthorized && at.TokenFile == "":
		return Unauthorised, fmt.Sprintf("%s wants a token (%s): name its file as token_file in [influx]", at.URL, said)
	case code == http.StatusUnauthorized:
		return Unauthorised, fmt.Sprintf("%s does not know the token (%s): check %s", at.URL, said, at.TokenFile)
	case code == http.StatusForbidden:
		return Forbidden, fmt.Sprintf("the token may not write to bucket %q of organisation %q (%s): give it write access there", at.Bucket, at.Org, said)
	case code == http.StatusNotFound:
		return NotFound, fmt.Sprintf("bucket %q or organisation %q is not there (%s): check bucket, org and url in [influx]", at.Bucket, at.Org, said)
	case code == http.StatusTooManyRequests:
		return Throttled, fmt.Sprintf("%s wants less at a time (%s)", at.URL, said)
	case code >= 500:
		return ServerError, fmt.Sprintf("%s is ill (%s)", at.URL, said)
	case code >= 300 && code < 400:
		return NotInflux, fmt.Sprintf("%s redirects elsewhere (%d to %q): check url in [influx]; is a portal before the server?", at.URL, code, a.Header.Get("Location"))
	case code == http.StatusMethodNotAllowed:
		return NotInflux, fmt.Sprintf("%s takes no points (%s): check url in [influx]", at.URL, said)
	}
	return RefusedPoints, fmt.Sprintf("%s refused points for bucket %q (%s)", at.URL, at.Bucket, said)
}

func isCertificate(err error) bool {
	var verification *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	return errors.As(err, &verification) || errors.As(err, &authority) || errors.As(err, &host) || errors.As(err, &invalid)
}

// inner leaves out what the client and the library of HTTP put before a reason:
// the method and the address, with all of their parameters.
func inner(err error) error {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err
		}
		if _, ok := err.(interface{ Timeout() bool }); ok && !strings.HasPrefix(err.Error(), "Post ") {
			return err
		}
		err = next
	}
}
