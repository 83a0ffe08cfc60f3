package upgrade

import (
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
)

// keyOf is the key of a validator; an apostrophe behind the name of an organisation stands for its second one.
func keyOf(name string) common.Hash { return crypto.Keccak256Hash([]byte(name)) }

func TestEnough(t *testing.T) {
	equal := func(names ...string) (voters []Voter) {
		for _, name := range names {
			voters = append(voters, Voter{name, keyOf(name), 10})
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
		{"one alone with all power but a little", []Voter{{"a", keyOf("a"), 97}, {"b", keyOf("b"), 1}, {"c", keyOf("c"), 1}, {"d", keyOf("d"), 1}}, []string{"a"}, false},
		{"three without the power", []Voter{{"a", keyOf("a"), 97}, {"b", keyOf("b"), 1}, {"c", keyOf("c"), 1}, {"d", keyOf("d"), 1}}, []string{"b", "c", "d"}, false},
		{"three with the power", []Voter{{"a", keyOf("a"), 97}, {"b", keyOf("b"), 1}, {"c", keyOf("c"), 1}, {"d", keyOf("d"), 1}}, []string{"a", "b", "c"}, true},
		{"one that was set aside counts as an organisation", []Voter{{"a", keyOf("a"), 10}, {"b", keyOf("b"), 10}, {"c", keyOf("c"), 10}, {"d", keyOf("d"), 0}}, []string{"a", "b"}, false},
		{"three while one is set aside", []Voter{{"a", keyOf("a"), 10}, {"b", keyOf("b"), 10}, {"c", keyOf("c"), 10}, {"d", keyOf("d"), 0}}, []string{"a", "b", "c"}, true},
		{"two keys of one organisation are one", []Voter{{"a", keyOf("a"), 10}, {"a", keyOf("a'"), 10}, {"b", keyOf("b"), 10}, {"c", keyOf("c"), 10}}, []string{"a", "a'", "b"}, false},
		{"one of the two keys of an organisation has its own power alone", []Voter{{"a", keyOf("a"), 30}, {"a", keyOf("a'"), 1}, {"b", keyOf("b"), 1}, {"c", keyOf("c"), 1}}, []string{"a'", "b", "c"}, false},
		{"a ledger of one", equal("a"), []string{"a"}, true},
		{"nobody has power", []Voter{{"a", keyOf("a"), 0}}, []string{"a"}, false},
	}
	for _, each := range cases {
		t.Run(each.name, func(t *testing.T) {
			stated := map[common.Hash]bool{}
			for _, name := range each.stated {
				stated[keyOf(name)] = true
			}
			if got := Enough(each.voters, stated); got != each.want {
				t.Errorf("got %t", got)
			}
		})
	}
}
