package rpc

import (
	"context"
	"encoding/json"
	"errors"
	"math/big"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	ethtypes "github.com/ethereum/go-ethereum/core/types"
	gethfilters "github.com/ethereum/go-ethereum/eth/filters"

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

// busy is a ledger of seven blocks, of which each has as many logs.
type busy struct {
	backend.BackendI
	logs int
}

func (b busy) GetLogsByHeight(context.Context, *int64) ([][]*ethtypes.Log, error) {
	half := make([]*ethtypes.Log, b.logs/2)
	for place := range half {
		half[place] = &ethtypes.Log{Address: common.Address{byte(place % 2)}}
	}
	return [][]*ethtypes.Log{half, half}, nil
}

func (busy) Next() <-chan struct{} { return nil }
func (busy) Whole() int64          { return 7 }

func TestTheLogsOfOneBlockAreAnsweredHoweverManyThereAre(t *testing.T) {
	const many = 160_000
	ledger := busy{logs: many}
	m := &mended{backend: ledger, blocks: ledger}
	for name, each := range map[string]struct {
		wanted gethfilters.FilterCriteria
		count  int
	}{
		"all":           {gethfilters.FilterCriteria{}, many},
		"of an address": {gethfilters.FilterCriteria{Addresses: []common.Address{{1}}}, many / 2},
		"of a stranger": {gethfilters.FilterCriteria{Addresses: []common.Address{{2}}}, 0},
	} {
		each.wanted.FromBlock, each.wanted.ToBlock = big.NewInt(7), big.NewInt(7)
		logs, err := m.GetLogs(t.Context(), each.wanted)
		if err != nil || logs == nil || len(logs) != each.count {
			t.Errorf("%s: %d logs, %v", name, len(logs), err)
		}
	}
}
