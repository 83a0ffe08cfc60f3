package app

import "testing"

func TestBlocksArePrunedThoughEvidenceIsTakenForWeeks(t *testing.T) {
	app := begun()
	state(app)
	if height := app.GetBlockRetentionHeight(50_000); height != 40_000 {
		t.Errorf("at block 50,000 blocks are kept from %d", height)
	}
}
