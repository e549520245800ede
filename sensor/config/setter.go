package config

import (
	"fmt"
	"math"
	"net/netip"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// setter checks a value and sets it; it returns what is wrong.
type setter func(c *Config, v *unstable.Node) string

type (
	addressList = []netip.Addr
	networkList = []netip.Prefix
)

func text(field func(*Config) *string, check func(string) string) setter {
	return func(c *Config, v *unstable.Node) string {
		if v.Kind != unstable.String {
			return wrongType(v, "a string in quotes")
		}
		*field(c) = string(v.Data)
		return check(string(v.Data))
	}
}

func boolean(field func(*Config) *bool) setter {
	return func(c *Config, v *unstable.Node) string {
		if v.Kind != unstable.Bool {
			return wrongType(v, "true or false")
		}
		*field(c) = string(v.Data) == "true"
		return ""
	}
}

func count(field func(*Config) *int) setter {
	return func(c *Config, v *unstable.Node) string {
		n, err := strconv.ParseInt(string(v.Data), 0, 32)
		if v.Kind != unstable.Integer || err != nil || n < 0 {
			return wrongType(v, "a whole number, 0 or more")
		}
		*field(c) = int(n)
		return ""
	}
}

func between(field func(*Config) *int, least, most int) setter {
	return func(c *Config, v *unstable.Node) string {
		n, err := strconv.ParseInt(strings.ReplaceAll(string(v.Data), "_", ""), 10, 32)
		if v.Kind != unstable.Integer {
			return wrongType(v, "a whole number")
		}
		if err != nil || int(n) < least || int(n) > most {
			return fmt.Sprintf("%s is not between %d and %d", v.Data, least, most)
		}
		*field(c) = int(n)
		return ""
	}
}

func amount(field func(*Config) *float64) setter {
	return func(c *Config, v *unstable.Node) string {
		f, err := strconv.ParseFloat(strings.ReplaceAll(string(v.Data), "_", ""), 64)
		if v.Kind != unstable.Float && v.Kind != unstable.Integer || err != nil || !(f >= 0) || math.IsInf(f, 0) {
			return wrongType(v, "an amount in euro, 0 or more")
		}
		*field(c) = f
		return ""
	}
}

// texts sets a list; an empty one is a value too.
func texts(field func(*Config) *[]string, check func(string) string) setter {
	return func(c *Config, v *unstable.Node) string {
		if v.Kind != unstable.Array {
			return wrongType(v, `a list of strings, ["a", "b"]`)
		}
		list := []string{}
		for it := v.Children(); it.Next(); {
			e := it.Node()
			if e.Kind != unstable.String {
				return wrongType(e, "strings in quotes in the list")
			}
			if wrong := check(string(e.Data)); wrong != "" {
				return wrong
			}
			list = append(list, string(e.Data))
		}
		*field(c) = list
		return ""
	}
}

func addresses(field func(*Config) *addressList) setter {
	return func(c *Config, v *unstable.Node) string {
		var list []string
		if wrong := texts(func(*Config) *[]string { return &list }, ipAddress)(c, v); wrong != "" {
			return wrong
		}
		out := addressList(nil)
		for _, s := range list {
			out = append(out, netip.MustParseAddr(s))
		}
		*field(c) = out
		return ""
	}
}

// networks sets addresses and networks; an address is a network of one.
func networks(field func(*Config) *networkList) setter {
	return func(c *Config, v *unstable.Node) string {
		var list []string
		if wrong := texts(func(*Config) *[]string { return &list }, network)(c, v); wrong != "" {
			return wrong
		}
		out := networkList(nil)
		for _, s := range list {
			out = append(out, prefix(s))
		}
		*field(c) = out
		return ""
	}
}

func wrongType(v *unstable.Node, want string) string {
	return "got " + strings.ToLower(v.Kind.String()) + ", want " + want
}
