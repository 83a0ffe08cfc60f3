package node

import (
	"context"
	"sync/atomic"

	abci "github.com/cometbft/cometbft/abci/types"
	cmtnode "github.com/cometbft/cometbft/node"
	"github.com/cometbft/cometbft/rpc/client/local"
	cmttypes "github.com/cometbft/cometbft/types"
)

// ownBlocks are the blocks of this node, for its index.
type ownBlocks struct {
	store  *local.Local
	base   func() int64
	done   atomic.Int64
	signal chan struct{}
}

// watchBlocks hears of each block once its state can be read. Done is the newest one until then.
func watchBlocks(node *cmtnode.Node, done int64) (*ownBlocks, error) {
	found := &ownBlocks{store: local.New(node), base: node.BlockStore().Base, signal: make(chan struct{}, 1)}
	found.done.Store(done)
	heard, err := node.EventBus().SubscribeUnbuffered(context.Background(), "index", cmttypes.EventQueryNewBlockHeader)
	if err != nil {
		return nil, err
	}
	go func() {
		for {
			select {
			case <-heard.Canceled():
				return
			case message := <-heard.Out():
				if block, ok := message.Data().(cmttypes.EventDataNewBlockHeader); ok {
					found.done.Store(block.Header.Height)
				}
				select {
				case found.signal <- struct{}{}:
				default:
				}
			}
		}
	}()
	return found, nil
}

func (b *ownBlocks) Base() int64 { return b.base() }

func (b *ownBlocks) Done() int64 { return b.done.Load() }

func (b *ownBlocks) Read(height int64) (*cmttypes.Block, []*abci.ExecTxResult, error) {
	block, err := b.store.Block(context.Background(), &height)
	if err != nil {
		return nil, nil, err
	}
	results, err := b.store.BlockResults(context.Background(), &height)
	if err != nil {
		return nil, nil, err
	}
	return block.Block, results.TxsResults, nil
}
