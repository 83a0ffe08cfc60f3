package node

import (
	"testing"
	"time"

	cmttypes "github.com/cometbft/cometbft/types"
)

// ledger has blocks from a first one on, each so long after the one before.
type ledger struct {
	base, newest int64
	every        time.Duration
}

func (l ledger) Base() int64 { return l.base }

func (l ledger) LoadBlockMeta(height int64) *cmttypes.BlockMeta {
	if height < l.base || height > l.newest {
		return nil
	}
	began := time.Unix(1_750_000_000, 0)
	return &cmttypes.BlockMeta{Header: cmttypes.Header{Height: height, Time: began.Add(time.Duration(height) * l.every)}}
}

func TestBlocksOfTheLast22DaysAreKept(t *testing.T) {
	const days22, day = 22 * 24 * 60, 24 * time.Hour // blocks, one a minute
	cases := []struct {
		name             string
		blocks           ledger
		keep, everyState uint64
		wanted           int64
	}{
		{"nothing is old", ledger{1, 31_000, time.Minute}, 10_000, 0, 0},
		{"the number alone would remove more", ledger{1, 33_000, time.Minute}, 10_000, 0, 33_000 - days22 + 1},
		{"a day each, so that the number decides", ledger{1, 20_000, day}, 19_600, 0, 400},
		{"the number keeps all", ledger{1, 20_000, day}, 20_000, 0, 0},
		{"the setting is off", ledger{1, 20_000, day}, 0, 0, 0},
		{"at most so many at once", ledger{1, 20_000, day}, 10_000, 0, 5001},
		{"goes on from where it stands", ledger{5001, 20_000, day}, 10_000, 0, 10_000},
		{"has removed them", ledger{10_000, 20_000, day}, 10_000, 0, 0},
		{"a snapshot that is offered needs more", ledger{1, 20_000, day}, 10_000, 9900, 200},
		{"no block yet", ledger{0, 0, time.Minute}, 10_000, 0, 0},
	}
	for _, each := range cases {
		t.Run(each.name, func(t *testing.T) {
			settings := &Settings{KeepBlocks: each.keep, SnapshotEvery: each.everyState}
			if found := retained(each.blocks, each.blocks.newest, settings); found != each.wanted {
				t.Errorf("blocks are kept from %d, not %d", found, each.wanted)
			}
		})
	}
}

func TestStatesAreKeptAsLongAsBlocks(t *testing.T) {
	for _, each := range []struct{ first, kept int64 }{{0, 20_000}, {5001, 14_999}} {
		if options := keptStates(20_000, each.first); int64(options.KeepRecent) != each.kept {
			t.Errorf("from block %d on %d states are kept", each.first, options.KeepRecent)
		}
	}
}
