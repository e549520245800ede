package grafana

type groupBy struct {
	Fields map[string]groupField `json:"fields"`
}

type groupField struct {
	Aggregations []string `json:"aggregations"`
	Operation    string   `json:"operation"`
}

type organize struct {
	ExcludeByName map[string]bool   `json:"excludeByName"`
	IncludeByName map[string]bool   `json:"includeByName"`
	IndexByName   map[string]int    `json:"indexByName"`
	RenameByName  map[string]string `json:"renameByName"`
}

type filterByName struct {
	Include names `json:"include"`
}

type names struct {
	Names []string `json:"names"`
}

type nothing struct{}

// transformations make one table, with the columns that are wanted, in their order:
// of the answers, Grafana puts tags in no order, and of a second query below the
// first.
func (p panel) transformations(l Language, asks []query) []Transformation {
	order := organize{ExcludeByName: map[string]bool{}, IncludeByName: map[string]bool{}, IndexByName: map[string]int{}, RenameByName: map[string]string{}}
	keep := filterByName{}
	for i, c := range p.shown(l, asks) {
		order.IndexByName[p.columnName(c.field)] = i
		if valueOf(l, asks, c.field) == "" {
			keep.Include.Names = append(keep.Include.Names, c.field)
		}
	}
	for _, q := range asks {
		if l == MetricsQL {
			value := valueOf(l, asks, q.name)
			keep.Include.Names = append(keep.Include.Names, value)
			order.RenameByName[value] = q.name
			order.IndexByName[value] = order.IndexByName[q.name]
			delete(order.IndexByName, q.name)
		}
	}
	out := []Transformation{{"filterFieldsByName", keep}}
	if len(asks) > 1 {
		out = append(out, Transformation{"merge", nothing{}})
	}
	if p.groups != nil && l == InfluxQL {
		out = append(out, Transformation{"groupBy", p.grouping()})
	}
	return append(out, Transformation{"organize", order})
}

// valueOf is what Grafana calls the value of the query that fills a column.
func valueOf(l Language, asks []query, field string) string {
	for i, q := range asks {
		if l == MetricsQL && q.name == field {
			if len(asks) == 1 {
				return "Value"
			}
			return "Value #" + string(rune('A'+i))
		}
	}
	return ""
}

func (p panel) grouping() groupBy {
	g := groupBy{map[string]groupField{}}
	for _, c := range p.columns {
		if p.columnName(c.field) == c.field {
			g.Fields[c.field] = groupField{[]string{}, "groupby"}
			continue
		}
		g.Fields[c.field] = groupField{[]string{"firstNotNull"}, "aggregate"}
	}
	return g
}
