package rpc

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"

	ethtypes "github.com/ethereum/go-ethereum/core/types"

	"github.com/cosmos/evm/rpc/types"
)

// mostKept is how many of the newest blocks are kept in memory, so that many subscribers cost one look at each.
const mostKept = 4

// News is what subscribers hear of a block.
type News struct {
	// Head is the block as eth_getBlockByNumber gives it, without its transactions.
	Head map[string]any
	// Logs are all logs of the block, in order.
	Logs []*ethtypes.Log
}

// BlockReader reads what subscribers hear of.
type BlockReader interface {
	GetBlockByNumber(ctx context.Context, height types.BlockNumber, full bool) (map[string]any, error)
	GetLogsByHeight(ctx context.Context, height *int64) ([][]*ethtypes.Log, error)
}

// Feed tells of blocks to those who subscribe. It queues nothing for anybody: whoever is slow is read older blocks later.
type Feed struct {
	Blocks
	reader BlockReader
	mutex  sync.Mutex
	kept   map[int64]*News
}

// NewFeed reads blocks from the node.
func NewFeed(blocks Blocks, reader BlockReader) *Feed {
	return &Feed{Blocks: blocks, reader: reader, kept: map[int64]*News{}}
}

// Read gives the news of a block.
func (f *Feed) Read(ctx context.Context, height int64) (*News, error) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if known := f.kept[height]; known != nil {
		return known, nil
	}
	head, err := f.reader.GetBlockByNumber(ctx, types.BlockNumber(height), false)
	if err != nil {
		return nil, err
	}
	if head == nil {
		return nil, fmt.Errorf("block %d cannot be read", height)
	}
	head = maps.Clone(head)
	for _, name := range []string{"transactions", "uncles", "size", "totalDifficulty"} {
		delete(head, name)
	}
	logs, err := f.reader.GetLogsByHeight(ctx, &height)
	if err != nil {
		return nil, err
	}
	news := &News{Head: head, Logs: slices.Concat(logs...)}
	f.kept[height] = news
	for each := range f.kept {
		if each <= height-mostKept {
			delete(f.kept, each)
		}
	}
	return news, nil
}
