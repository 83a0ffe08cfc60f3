package node

import (
	"sort"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	cmttypes "github.com/cometbft/cometbft/types"

	pruningtypes "github.com/cosmos/cosmos-sdk/store/v2/pruning/types"

	"medseal.example/engine/founding"
)

const (
	// keptTime is for how long every block is kept whatever the settings say. Readers trust a block for as long as stake stays
	// bound, and verify the newest one through those between; a day more is for their clocks.
	keptTime = founding.UnbondingTime + 24*time.Hour
	// pruningInterval is after how many blocks those that are not kept are removed.
	pruningInterval = 100
	// mostRemoved is how many blocks are removed at once: the validator signs nothing meanwhile. A setting that is switched
	// on at a ledger of years takes effect over days.
	mostRemoved = 5000
)

// headers are the blocks that a node has.
type headers interface {
	Base() int64
	LoadBlockMeta(height int64) *cmttypes.BlockMeta
}

// retained is the first block that is kept once a block is there: no more are removed than the settings allow, none that
// is younger than keptTime by the newest block's time, none that a node needs which begins with an offered snapshot, and not
// many at once. 0 if none is removed.
func retained(blocks headers, height int64, settings *Settings) int64 {
	if settings.KeepBlocks == 0 {
		return 0
	}
	base := blocks.Base()
	last := height - int64(max(settings.KeepBlocks, founding.EvidenceBlocks, snapshotsKept*settings.SnapshotEvery))
	last = min(last, base+mostRemoved)
	newest := blocks.LoadBlockMeta(height)
	if base == 0 || last <= base || newest == nil {
		return 0
	}
	since := newest.Header.Time.Add(-keptTime)
	young := sort.Search(int(last-base), func(place int) bool {
		block := blocks.LoadBlockMeta(base + int64(place))
		return block == nil || block.Header.Time.After(since)
	})
	if young == 0 {
		return 0
	}
	return base + int64(young)
}

// keptStates are the options with which the states before a block are removed; none is if it is 0.
func keptStates(height, first int64) pruningtypes.PruningOptions {
	return pruningtypes.NewCustomPruningOptions(uint64(max(height-max(first, 0), 2)), pruningInterval)
}

// Commit has blocks and states removed that the settings do not keep, which are read again for that.
func (p *provable) Commit() (*abci.ResponseCommit, error) {
	first := int64(0)
	if height := p.LastBlockHeight() + 1; p.blocks != nil && height%pruningInterval == 0 {
		if settings, err := ReadSettings(p.home); err == nil {
			first = retained(p.blocks, height, settings)
		}
		p.CommitMultiStore().SetPruning(keptStates(height, first))
	}
	response, err := p.App.Commit()
	if err != nil {
		return nil, err
	}
	response.RetainHeight = first
	return response, nil
}
