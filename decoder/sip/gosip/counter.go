package gosip

import "github.com/ghettovoice/gosip/log"

// counter is a logger that says nothing: gosip would write the sender's own
// text. It counts the warnings, which are the headers that were dropped.
type counter struct{ warnings uint64 }

func (c *counter) Warn(...any)          { c.warnings++ }
func (c *counter) Warnf(string, ...any) { c.warnings++ }

func (*counter) Print(...any)          {}
func (*counter) Printf(string, ...any) {}
func (*counter) Trace(...any)          {}
func (*counter) Tracef(string, ...any) {}
func (*counter) Debug(...any)          {}
func (*counter) Debugf(string, ...any) {}
func (*counter) Info(...any)           {}
func (*counter) Infof(string, ...any)  {}
func (*counter) Error(...any)          {}
func (*counter) Errorf(string, ...any) {}
func (*counter) Fatal(...any)          {}
func (*counter) Fatalf(string, ...any) {}
func (*counter) Panic(...any)          {}
func (*counter) Panicf(string, ...any) {}

func (c *counter) WithPrefix(string) log.Logger         { return c }
func (*counter) Prefix() string                         { return "" }
func (c *counter) WithFields(map[string]any) log.Logger { return c }
func (*counter) Fields() log.Fields                     { return nil }
func (*counter) SetLevel(uint32)                        {}
