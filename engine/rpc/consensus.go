package rpc

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	abci "github.com/cometbft/cometbft/abci/types"
	cmtbytes "github.com/cometbft/cometbft/libs/bytes"
	cmtjson "github.com/cometbft/cometbft/libs/json"
	"github.com/cometbft/cometbft/rpc/client"
	coretypes "github.com/cometbft/cometbft/rpc/core/types"
)

const (
	// mostProofs is how many questions about blocks and proofs are answered at once, and mostQueued how many more may wait:
	// they must not keep the consensus waiting.
	mostProofs = 8
	mostQueued = 256
	// longestKey is how long a key of a store may be that is proven: the EVM's have up to 53 bytes.
	longestKey = 64
)

// Consensus answers what a reader needs to verify the ledger. CometBFT's own RPC answers the same.
type Consensus interface {
	ABCIQueryWithOptions(
		ctx context.Context, path string, data cmtbytes.HexBytes, options client.ABCIQueryOptions,
	) (*coretypes.ResultABCIQuery, error)
	Validators(ctx context.Context, height *int64, page, perPage *int) (*coretypes.ResultValidators, error)
	Block(ctx context.Context, height *int64) (*coretypes.ResultBlock, error)
	BlockResults(ctx context.Context, height *int64) (*coretypes.ResultBlockResults, error)
	BlockchainInfo(ctx context.Context, minHeight, maxHeight int64) (*coretypes.ResultBlockchainInfo, error)
	Commit(ctx context.Context, height *int64) (*coretypes.ResultCommit, error)
	ConsensusParams(ctx context.Context, height *int64) (*coretypes.ResultConsensusParams, error)
}

// Question is what a method of the consensus is asked; 64-bit numbers are text, as CometBFT has them.
type Question struct {
	Height    int64             `json:"height,string"`
	MinHeight int64             `json:"minHeight,string"`
	MaxHeight int64             `json:"maxHeight,string"`
	Page      int               `json:"page,string"`
	PerPage   int               `json:"per_page,string"`
	Path      string            `json:"path"`
	Data      cmtbytes.HexBytes `json:"data"`
	Prove     bool              `json:"prove"`
}

// network answers what is Medseal's own.
type network struct {
	chain     string
	consensus Consensus
	queued    chan struct{}
	running   chan struct{}
}

func newNetwork(chain string, consensus Consensus) *network {
	return &network{
		chain: chain, consensus: consensus,
		queued: make(chan struct{}, mostProofs+mostQueued), running: make(chan struct{}, mostProofs),
	}
}

// Chain is the name of the consensus' chain, which binds the network's first state.
func (n *network) Chain() string { return n.chain }

// Consensus answers a question as CometBFT's RPC does, so that whoever reads the ledger here can verify it.
func (n *network) Consensus(ctx context.Context, method string, asked Question) (json.RawMessage, error) {
	select {
	case n.queued <- struct{}{}:
		defer func() { <-n.queued }()
	default:
		return nil, refusal{-32005, fmt.Sprintf("over %d questions about blocks wait at this node", mostQueued)}
	}
	select {
	case n.running <- struct{}{}:
		defer func() { <-n.running }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	answer, err := n.answer(ctx, method, asked)
	if err != nil {
		return nil, err
	}
	return cmtjson.Marshal(answer)
}

func (n *network) answer(ctx context.Context, method string, asked Question) (any, error) {
	height := &asked.Height
	if asked.Height == 0 {
		height = nil
	}
	switch method {
	case "commit":
		return n.consensus.Commit(ctx, height)
	case "consensus_params":
		return n.consensus.ConsensusParams(ctx, height)
	case "validators":
		return n.consensus.Validators(ctx, height, atLeastOne(asked.Page), atLeastOne(asked.PerPage))
	case "block":
		return n.consensus.Block(ctx, height)
	case "block_results":
		found, err := n.consensus.BlockResults(ctx, height)
		if err != nil {
			return nil, err
		}
		return &coretypes.ResultBlockResults{Height: found.Height, TxsResults: signedParts(found.TxsResults)}, nil
	case "blockchain":
		return n.consensus.BlockchainInfo(ctx, asked.MinHeight, asked.MaxHeight)
	case "abci_query":
		store, isStore := strings.CutPrefix(asked.Path, "/store/")
		if _, isKey := strings.CutSuffix(store, "/key"); !isStore || !isKey || len(asked.Data) > longestKey {
			return nil, refusal{-32602, "only keys of stores are proven"}
		}
		options := client.ABCIQueryOptions{Height: asked.Height, Prove: asked.Prove}
		return n.consensus.ABCIQueryWithOptions(ctx, asked.Path, asked.Data, options)
	}
	return nil, refusal{-32601, "the consensus is not asked this here"}
}

// signedParts are the parts of results that the next block's header commits to. Events say the same again, at length.
func signedParts(results []*abci.ExecTxResult) []*abci.ExecTxResult {
	parts := make([]*abci.ExecTxResult, len(results))
	for place, result := range results {
		parts[place] = &abci.ExecTxResult{
			Code: result.Code, Data: result.Data, GasWanted: result.GasWanted, GasUsed: result.GasUsed,
		}
	}
	return parts
}

func atLeastOne(number int) *int {
	number = max(number, 1)
	return &number
}
