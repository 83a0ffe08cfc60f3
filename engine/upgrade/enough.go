package upgrade

// Voter is an organisation with a validator.
type Voter struct {
	Organisation string
	// Power is its share of the votes now; 0 if its validator was set aside.
	Power int64
}

// Enough tells whether organisations can have an upgrade take effect: they have over two thirds of the power, and all but
// as many as may be faulty (f, under a third) are among them.
func Enough(voters []Voter, stated map[string]bool) bool {
	var all, theirs int64
	organisations, those := map[string]bool{}, map[string]bool{}
	for _, voter := range voters {
		organisations[voter.Organisation] = true
		all += voter.Power
		if stated[voter.Organisation] {
			those[voter.Organisation] = true
			theirs += voter.Power
		}
	}
	faulty := (len(organisations) - 1) / 3
	return all > 0 && 3*theirs > 2*all && len(those) >= len(organisations)-faulty
}
