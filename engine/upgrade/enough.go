package upgrade

import "github.com/ethereum/go-ethereum/common"

// Voter is a validator.
type Voter struct {
	// Organisation whose validator it is.
	Organisation string
	// Key that it signs blocks with.
	Key common.Hash
	// Power is its share of the votes now; 0 if its validator was set aside.
	Power int64
}

// Enough tells whether the validators whose keys stated an upgrade can have it take effect: they have over two thirds of the power, and
// of the organisations all but as many as may be faulty (f, under a third) have one of them.
func Enough(voters []Voter, stated map[common.Hash]bool) bool {
	var all, theirs int64
	organisations, those := map[string]bool{}, map[string]bool{}
	for _, voter := range voters {
		organisations[voter.Organisation] = true
		all += voter.Power
		if stated[voter.Key] {
			those[voter.Organisation] = true
			theirs += voter.Power
		}
	}
	faulty := (len(organisations) - 1) / 3
	return all > 0 && 3*theirs > 2*all && len(those) >= len(organisations)-faulty
}
