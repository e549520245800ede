package influx

import "tollwatch/sensor/output/points"

// Call, Alert and Sensor are short for Put in tests.

func (o *Output) Call(c *points.Call) { o.Put(c) }

func (o *Output) Alert(a *points.Alert) { o.Put(a) }

func (o *Output) Sensor(s *points.Sensor) { o.Put(s) }
