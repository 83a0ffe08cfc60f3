package rpc

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"

	"github.com/cosmos/evm/rpc/backend"
	"github.com/cosmos/evm/rpc/types"
)

// counted is a ledger on which every account has sent as many transactions.
type counted struct {
	backend.BackendI
	count hexutil.Uint64
}

func (c counted) BlockNumberFromComet(_ context.Context, block types.BlockNumberOrHash) (types.BlockNumber, error) {
	if block.BlockNumber == nil {
		return 0, errors.New("no such block")
	}
	return *block.BlockNumber, nil
}

func (c counted) GetTransactionCount(context.Context, common.Address, types.BlockNumber) (*hexutil.Uint64, error) {
	return &c.count, nil
}

func TestThePendingBlockCountsWhatWaits(t *testing.T) {
	for _, each := range []struct {
		block       string
		mined, next uint64
		count       uint64
	}{
		{"pending", 3, 5, 5},
		{"pending", 3, 3, 3},
		{"pending", 3, 0, 3},
		{"pending", 3, 2, 3},
		{"latest", 3, 5, 3},
		{"0x7", 3, 5, 3},
	} {
		m := &mended{
			backend: counted{count: hexutil.Uint64(each.mined)}, nextNonce: func(common.Address) uint64 { return each.next },
		}
		var block types.BlockNumberOrHash
		if err := json.Unmarshal([]byte(`"`+each.block+`"`), &block); err != nil {
			t.Fatal(err)
		}
		count, err := m.GetTransactionCount(t.Context(), common.Address{}, block)
		if err != nil || uint64(*count) != each.count {
			t.Errorf("%+v: %v, %v", each, count, err)
		}
	}
}
