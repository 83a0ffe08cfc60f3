package app

import (
	"bytes"
	"encoding/binary"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	sdk "github.com/cosmos/cosmos-sdk/types"

	evmtypes "github.com/cosmos/evm/x/vm/types"
)

// account is what waits of one account, in the order of its nonces.
type account struct {
	txs []sdk.Tx
	// used is what the block has of it already.
	used uint64
	// turn decides between accounts of which the block has as much.
	turn common.Hash
}

// turns orders a block: next is always the account of which the block has least. So no account gets more than its share
// while others wait, and one alone gets the whole block.
type turns struct{ accounts []*account }

// newTurns sorts what waits by its accounts. Which of them is first differs from block to block, or one whose transactions
// take half of a block could be first each time.
func newTurns(height int64, each func(func(sdk.Tx) bool)) *turns {
	order := new(turns)
	known := map[common.Address]*account{}
	each(func(tx sdk.Tx) bool {
		message, ok := messageOf(tx)
		if !ok {
			return true
		}
		sender := message.GetSender()
		if known[sender] == nil {
			known[sender] = &account{turn: crypto.Keccak256Hash(binary.BigEndian.AppendUint64(nil, uint64(height)), sender.Bytes())}
			order.accounts = append(order.accounts, known[sender])
		}
		known[sender].txs = append(known[sender].txs, tx)
		return true
	})
	return order
}

// next is the account whose turn it is, nil if nothing waits any more.
func (t *turns) next() *account {
	var first *account
	for _, each := range t.accounts {
		if len(each.txs) > 0 && (first == nil || each.used < first.used ||
			each.used == first.used && bytes.Compare(each.turn[:], first.turn[:]) < 0) {
			first = each
		}
	}
	return first
}

// take gives the account's next transaction.
func (a *account) take() sdk.Tx {
	tx := a.txs[0]
	a.txs = a.txs[1:]
	return tx
}

// leave gives the account nothing more of this block: what comes after a transaction that is left out has a nonce that
// the ledger does not take yet.
func (a *account) leave() { a.txs = nil }

// shareOf is how much of a block a transaction takes, of its gas, its bytes and its number of transactions, in gas.
func shareOf(gas, size uint64) uint64 {
	return gas + size*maxBlockGas/maxBlockBytes + maxBlockGas/maxBlockTransactions
}

// messageOf is the transaction of Ethereum that a transaction carries.
func messageOf(tx sdk.Tx) (*evmtypes.MsgEthereumTx, bool) {
	messages := tx.GetMsgs()
	if len(messages) != 1 {
		return nil, false
	}
	message, ok := messages[0].(*evmtypes.MsgEthereumTx)
	return message, ok
}

// gasOf is the gas limit of a transaction.
func gasOf(tx sdk.Tx) (uint64, bool) {
	limited, ok := tx.(sdk.FeeTx)
	if !ok {
		return 0, false
	}
	return limited.GetGas(), true
}
