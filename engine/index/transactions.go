package index

import (
	"time"

	"github.com/ethereum/go-ethereum/common"

	servertypes "github.com/cosmos/evm/server/types"
)

// patience is how long a question waits for the index at most; it is a few milliseconds behind the state.
const patience = 2 * time.Second

// Transactions are found by the index. A question that comes while the index is behind the state waits for it: the
// library's server shows a block as soon as its state is there, and fails if it does not find the block's transactions.
type Transactions struct {
	servertypes.EVMTxIndexer
	index  *Index
	newest func() int64
}

// NewTransactions waits for the index up to the newest block's state.
func NewTransactions(found servertypes.EVMTxIndexer, index *Index, newest func() int64) *Transactions {
	return &Transactions{found, index, newest}
}

// GetByTxHash finds a transaction by its hash.
func (t *Transactions) GetByTxHash(hash common.Hash) (*servertypes.TxResult, error) {
	return t.find(func() (*servertypes.TxResult, error) { return t.EVMTxIndexer.GetByTxHash(hash) })
}

// GetByBlockAndIndex finds a transaction by its block and its place there.
func (t *Transactions) GetByBlockAndIndex(block int64, place int32) (*servertypes.TxResult, error) {
	return t.find(func() (*servertypes.TxResult, error) { return t.EVMTxIndexer.GetByBlockAndIndex(block, place) })
}

func (t *Transactions) find(look func() (*servertypes.TxResult, error)) (*servertypes.TxResult, error) {
	newest := t.newest()
	if found, err := look(); err == nil {
		return found, nil
	}
	late := time.After(patience)
	for {
		next := t.index.Next()
		if t.index.Whole() >= newest {
			return look()
		}
		select {
		case <-next:
		case <-late:
			return look()
		}
	}
}
