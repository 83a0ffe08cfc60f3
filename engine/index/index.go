// Package index keeps up which block and place each transaction has, and says up to which block that is whole: what the
// JSON-RPC server shows of a block is found by it.
package index

import (
	"context"
	"encoding/binary"
	"fmt"
	"sync"

	abci "github.com/cometbft/cometbft/abci/types"
	cmttypes "github.com/cometbft/cometbft/types"

	dbm "github.com/cosmos/cosmos-db"
)

// progress is where the number of the last block whose transactions are in the index is kept. Keys of transactions begin
// with 1 and 2.
var progress = []byte{0xff}

// Blocks are what the consensus has decided, and what came of it.
type Blocks interface {
	// Base is the first block that was not pruned.
	Base() int64
	// Done is the newest block whose results and state can be read.
	Done() int64
	// Read gives a block with what came of its transactions.
	Read(height int64) (*cmttypes.Block, []*abci.ExecTxResult, error)
}

// Writer puts a block's transactions into the index.
type Writer interface {
	IndexBlock(block *cmttypes.Block, results []*abci.ExecTxResult) error
}

// Index follows the blocks. The library's own service begins with the block at which it is started for the first time, so
// that a node which came late would never find the transactions before; and it does not say how far it is.
type Index struct {
	database dbm.DB
	writer   Writer
	blocks   Blocks

	mutex sync.Mutex
	whole int64
	next  chan struct{} // closed when whole grows
}

// Open opens the index of a database.
func Open(database dbm.DB, writer Writer, blocks Blocks) (*Index, error) {
	text, err := database.Get(progress)
	if err != nil {
		return nil, err
	}
	whole := int64(0)
	if len(text) == 8 {
		whole = int64(binary.BigEndian.Uint64(text))
	}
	return &Index{database: database, writer: writer, blocks: blocks, whole: whole, next: make(chan struct{})}, nil
}

// Whole is the newest block all of which can be read; 0 before the first.
func (i *Index) Whole() int64 {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	return i.whole
}

// Next is closed as soon as there is a newer block than now.
func (i *Index) Next() <-chan struct{} {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	return i.next
}

// Follow indexes blocks until the context ends. It looks for new ones at each signal.
func (i *Index) Follow(ctx context.Context, signal <-chan struct{}) error {
	for {
		if err := i.catchUp(ctx); err != nil {
			return fmt.Errorf("the index of transactions stopped: %w", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-signal:
		}
	}
}

func (i *Index) catchUp(ctx context.Context) error {
	for ctx.Err() == nil {
		height := max(i.Whole()+1, i.blocks.Base())
		if height > i.blocks.Done() {
			return nil
		}
		block, results, err := i.blocks.Read(height)
		if height < i.blocks.Base() {
			continue // it was pruned meanwhile
		}
		if err != nil {
			return err
		}
		if err := i.writer.IndexBlock(block, results); err != nil {
			return err
		}
		if err := i.database.Set(progress, binary.BigEndian.AppendUint64(nil, uint64(height))); err != nil {
			return err
		}
		i.advance(height)
	}
	return nil
}

func (i *Index) advance(height int64) {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	i.whole = height
	close(i.next)
	i.next = make(chan struct{})
}
