package index

import (
	"errors"
	"testing"

	"github.com/ethereum/go-ethereum/common"

	dbm "github.com/cosmos/cosmos-db"
	servertypes "github.com/cosmos/evm/server/types"
)

// places are those of transactions by hash; after the first question something happens.
type places struct {
	servertypes.EVMTxIndexer
	found map[common.Hash]int64
	asked int
	then  func()
}

func (p *places) GetByTxHash(hash common.Hash) (*servertypes.TxResult, error) {
	p.asked++
	if height, ok := p.found[hash]; ok {
		return &servertypes.TxResult{Height: height}, nil
	}
	if p.asked == 1 && p.then != nil {
		p.then()
	}
	return nil, errors.New("not found")
}

func TestWaitsForABlockWhoseStateIsThere(t *testing.T) {
	index, err := Open(dbm.NewMemDB(), &heights{}, &chain{base: 1, done: 1})
	if err != nil {
		t.Fatal(err)
	}
	hash := common.Hash{7}
	known := &places{}
	known.then = func() {
		known.found = map[common.Hash]int64{hash: 1}
		go index.advance(1)
	}
	result, err := NewTransactions(known, index, func() int64 { return 1 }).GetByTxHash(hash)
	if err != nil || result.Height != 1 {
		t.Fatal(result, err)
	}
}

func TestAnswersAtOnceIfTheIndexHasTheNewestBlock(t *testing.T) {
	index, err := Open(dbm.NewMemDB(), &heights{}, &chain{base: 1, done: 1})
	if err != nil {
		t.Fatal(err)
	}
	index.advance(5)
	known := &places{}
	transactions := NewTransactions(known, index, func() int64 { return 5 })
	if _, err := transactions.GetByTxHash(common.Hash{7}); err == nil || known.asked > 2 {
		t.Fatal(err, known.asked)
	}
}
