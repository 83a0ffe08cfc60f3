package upgrade

import "testing"

func TestEnough(t *testing.T) {
	equal := func(names ...string) (voters []Voter) {
		for _, name := range names {
			voters = append(voters, Voter{name, 10})
		}
		return voters
	}
	cases := []struct {
		name   string
		voters []Voter
		stated []string
		want   bool
	}{
		{"nobody stated", equal("a", "b", "c", "d"), nil, false},
		{"one of four", equal("a", "b", "c", "d"), []string{"a"}, false},
		{"two of four", equal("a", "b", "c", "d"), []string{"a", "b"}, false},
		{"three of four", equal("a", "b", "c", "d"), []string{"a", "b", "c"}, true},
		{"all four", equal("a", "b", "c", "d"), []string{"a", "b", "c", "d"}, true},
		{"two of three have two thirds, not over", equal("a", "b", "c"), []string{"a", "b"}, false},
		{"three of five", equal("a", "b", "c", "d", "e"), []string{"a", "b", "c"}, false},
		{"four of five", equal("a", "b", "c", "d", "e"), []string{"a", "b", "c", "d"}, true},
		{"four of seven", equal("a", "b", "c", "d", "e", "f", "g"), []string{"a", "b", "c", "d"}, false},
		{"five of seven", equal("a", "b", "c", "d", "e", "f", "g"), []string{"a", "b", "c", "d", "e"}, true},
		{"strangers beside two of four", equal("a", "b", "c", "d"), []string{"a", "b", "x", "y"}, false},
		{"one alone with all power but a little", []Voter{{"a", 97}, {"b", 1}, {"c", 1}, {"d", 1}}, []string{"a"}, false},
		{"three without the power", []Voter{{"a", 97}, {"b", 1}, {"c", 1}, {"d", 1}}, []string{"b", "c", "d"}, false},
		{"three with the power", []Voter{{"a", 97}, {"b", 1}, {"c", 1}, {"d", 1}}, []string{"a", "b", "c"}, true},
		{"one that was set aside counts as an organisation", []Voter{{"a", 10}, {"b", 10}, {"c", 10}, {"d", 0}}, []string{"a", "b"}, false},
		{"three while one is set aside", []Voter{{"a", 10}, {"b", 10}, {"c", 10}, {"d", 0}}, []string{"a", "b", "c"}, true},
		{"two keys of one organisation are one", []Voter{{"a", 10}, {"a", 10}, {"b", 10}, {"c", 10}}, []string{"a", "b"}, false},
		{"a ledger of one", equal("a"), []string{"a"}, true},
		{"nobody has power", []Voter{{"a", 0}}, []string{"a"}, false},
	}
	for _, each := range cases {
		t.Run(each.name, func(t *testing.T) {
			stated := map[string]bool{}
			for _, name := range each.stated {
				stated[name] = true
			}
			if got := Enough(each.voters, stated); got != each.want {
				t.Errorf("got %t", got)
			}
		})
	}
}
