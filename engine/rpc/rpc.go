// Package rpc mends methods of the JSON-RPC server of cosmos/evm that answer otherwise than Ethereum's nodes do, and adds
// what Medseal's nodes ask for.
package rpc

import (
	"context"
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	ethtypes "github.com/ethereum/go-ethereum/core/types"
	gethfilters "github.com/ethereum/go-ethereum/eth/filters"
	gethrpc "github.com/ethereum/go-ethereum/rpc"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/server"

	evmrpc "github.com/cosmos/evm/rpc"
	"github.com/cosmos/evm/rpc/backend"
	"github.com/cosmos/evm/rpc/namespaces/ethereum/eth/filters"
	"github.com/cosmos/evm/rpc/stream"
	"github.com/cosmos/evm/rpc/types"
)

// Namespace is what the mended methods are registered under. It stands after "eth" in the server's list, so that they
// take the place of its own.
const Namespace = "medseal"

const (
	// longestWait is how long eth_sendRawTransactionSync waits for a receipt at most.
	longestWait = 10 * time.Second
	// mostWaiting is how many transactions may wait for their block through one node at a time: a thousand single ones
	// would take all of the processor from the consensus.
	mostWaiting = 256
)

// Refusal says why the ledger does not take a transaction, by the newest state; it is empty if it does.
type Refusal func(account common.Address, nonce uint64, to *common.Address, data []byte) (string, error)

// NextNonce tells the nonce of an account's next transaction, after those that wait for their block.
type NextNonce func(account common.Address) uint64

// Blocks tells of blocks whose transactions can be found.
type Blocks interface {
	// Next is closed as soon as there is a newer one than now.
	Next() <-chan struct{}
	// Whole is the newest one.
	Whole() int64
}

// Register adds the namespace to the server; once per process, before the server starts.
func Register(blocks Blocks, refusal Refusal, nextNonce NextNonce) error {
	return evmrpc.RegisterAPINamespace(Namespace, func(
		server *server.Context, client client.Context, events *stream.RPCStream, b backend.BackendI,
	) []gethrpc.API {
		consensus, ok := client.Client.(Consensus)
		if !ok {
			panic("the node's consensus cannot be asked")
		}
		methods := &mended{
			backend: b, blocks: blocks, refusal: refusal, nextNonce: nextNonce, waiting: make(chan struct{}, mostWaiting),
			logs: filters.NewPublicAPI(server.Logger, client, events, b.(filters.Backend)),
		}
		return []gethrpc.API{
			{Namespace: "eth", Version: "1.0", Service: methods, Public: true},
			{Namespace: Namespace, Version: "1.0", Service: newNetwork(client.ChainID, consensus), Public: true},
		}
	})
}

// mended are methods of the namespace eth.
type mended struct {
	backend   backend.BackendI
	blocks    Blocks
	logs      *filters.PublicFilterAPI
	refusal   Refusal
	nextNonce NextNonce
	waiting   chan struct{}
}

// GetLogs takes block 0, which the ledger does not have, as block 1; the server's own takes it as the newest as well.
//
// A range with too many logs is refused, and is read in smaller ones. The logs of one block are answered whatever their
// number is, which the block's gas bounds: nobody could go on behind a block that is refused.
func (m *mended) GetLogs(ctx context.Context, wanted gethfilters.FilterCriteria) ([]*ethtypes.Log, error) {
	if wanted.FromBlock != nil && wanted.FromBlock.Sign() == 0 {
		wanted.FromBlock = big.NewInt(1)
	}
	height, err := m.onlyBlock(ctx, wanted)
	if err != nil {
		return nil, err
	}
	if height == 0 {
		return m.logs.GetLogs(ctx, wanted)
	}
	found, err := m.backend.GetLogsByHeight(ctx, &height)
	if err != nil {
		return nil, err
	}
	logs := filters.FilterLogs(slices.Concat(found...), nil, nil, wanted.Addresses, wanted.Topics)
	return append([]*ethtypes.Log{}, logs...), nil
}

// onlyBlock is the height of the only block that logs are wanted of; 0 for a range, and for a block that is not there.
func (m *mended) onlyBlock(ctx context.Context, wanted gethfilters.FilterCriteria) (int64, error) {
	if wanted.BlockHash != nil {
		found, err := m.backend.CometBlockByHash(ctx, *wanted.BlockHash)
		if err != nil || found == nil {
			return 0, err
		}
		return found.Block.Height, nil
	}
	from, to := wanted.FromBlock, wanted.ToBlock
	if from == nil || to == nil || from.Sign() <= 0 || from.Cmp(to) != 0 || !from.IsInt64() || from.Int64() > m.blocks.Whole() {
		return 0, nil
	}
	return from.Int64(), nil
}

// GasPrice is nothing: nobody pays for gas here. The server's own reads the newest block and all of its receipts to say so,
// for each transaction that is made.
func (*mended) GasPrice() *hexutil.Big { return new(hexutil.Big) }

// GetTransactionReceipt answers null at once for a transaction that is in no block; the server's own waits for it.
func (m *mended) GetTransactionReceipt(ctx context.Context, hash common.Hash) (map[string]any, error) {
	if _, err := m.backend.GetTxByEthHash(ctx, hash); err != nil {
		return nil, nil
	}
	return m.backend.GetTransactionReceipt(ctx, hash)
}

// GetBlockByHash answers null for a block that the ledger does not have.
func (m *mended) GetBlockByHash(ctx context.Context, hash common.Hash, full bool) (map[string]any, error) {
	block, err := m.backend.GetBlockByHash(ctx, hash, full)
	if err != nil {
		return nil, nil
	}
	return block, nil
}

// GetTransactionCount counts what waits as well if it is asked for the pending block; the server's own does not see it.
func (m *mended) GetTransactionCount(
	ctx context.Context, account common.Address, block types.BlockNumberOrHash,
) (*hexutil.Uint64, error) {
	number, err := m.backend.BlockNumberFromComet(ctx, block)
	if err != nil {
		return nil, err
	}
	count, err := m.backend.GetTransactionCount(ctx, account, number)
	if err != nil || number != types.EthPendingBlockNumber {
		return count, err
	}
	// The pool can be a block behind.
	*count = max(*count, hexutil.Uint64(m.nextNonce(account)))
	return count, nil
}

// SendRawTransaction refuses at once what the gate would refuse, with the reason.
func (m *mended) SendRawTransaction(ctx context.Context, raw hexutil.Bytes) (common.Hash, error) {
	transaction := new(ethtypes.Transaction)
	if err := transaction.UnmarshalBinary(raw); err != nil {
		return common.Hash{}, refusal{-32602, "the transaction is malformed"}
	}
	sender, err := ethtypes.Sender(ethtypes.LatestSignerForChainID(transaction.ChainId()), transaction)
	if err != nil {
		return common.Hash{}, refusal{-32000, "the signature is not valid"}
	}
	reason, err := m.refusal(sender, transaction.Nonce(), transaction.To(), transaction.Data())
	if err != nil {
		return common.Hash{}, err
	}
	if reason != "" {
		return common.Hash{}, refusal{-32003, reason}
	}
	return m.backend.SendRawTransaction(ctx, raw)
}

// SendRawTransactionSync answers with the receipt once the transaction is in a block (EIP-7966).
func (m *mended) SendRawTransactionSync(
	ctx context.Context, raw hexutil.Bytes, patience *hexutil.Uint64,
) (map[string]any, error) {
	select {
	case m.waiting <- struct{}{}:
		defer func() { <-m.waiting }()
	default:
		return nil, overload{refusal{-32005, fmt.Sprintf("over %d transactions wait at this node", mostWaiting)}}
	}
	limit := longestWait
	if patience != nil && uint64(*patience) < uint64(longestWait/time.Millisecond) {
		limit = time.Duration(*patience) * time.Millisecond
	}
	next := m.blocks.Next()
	hash, err := m.SendRawTransaction(ctx, raw)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for {
		select {
		case <-ctx.Done():
			return nil, late{hash}
		case <-next:
		}
		next = m.blocks.Next()
		receipt, err := m.GetTransactionReceipt(ctx, hash)
		if receipt != nil || err != nil {
			return receipt, err
		}
	}
}

// refusal is an answer with a code of its own.
type refusal struct {
	code int
	text string
}

func (r refusal) Error() string  { return r.text }
func (r refusal) ErrorCode() int { return r.code }

// overload is a refusal whose data tells Medseal's programs which of their errors it is.
type overload struct{ refusal }

func (overload) ErrorData() any { return map[string]string{"code": "OVERLOADED"} }

// late is EIP-7966's answer for a transaction that was taken and is in no block yet.
type late struct{ hash common.Hash }

func (late) Error() string    { return "the transaction is in no block yet" }
func (late) ErrorCode() int   { return 4 }
func (l late) ErrorData() any { return l.hash }
