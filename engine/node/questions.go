package node

import (
	"context"
	"regexp"
	"runtime"

	abci "github.com/cometbft/cometbft/abci/types"
	cmtbytes "github.com/cometbft/cometbft/libs/bytes"
	rpcclient "github.com/cometbft/cometbft/rpc/client"
	"github.com/cometbft/cometbft/rpc/client/local"
	coretypes "github.com/cometbft/cometbft/rpc/core/types"

	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"

	"medseal.example/engine/app"
)

// cheap are the questions that everybody may ask the state machine: for a word of a store, with its proof, and whether a
// peer may connect.
var cheap = regexp.MustCompile(`^/(store/[a-z]+/key|p2p/filter/(id|addr)/.*)$`)

// provable is the state machine as CometBFT asks it. Through abci_query anybody whom CometBFT's RPC answers asks it too,
// and a call of the EVM there would have the gas that the question says.
type provable struct {
	*app.App
	// home is the node's folder, and blocks are its blocks, once they are open.
	home   string
	blocks headers
	// arrivals are those of a snapshot that the node begins with.
	arrivals arrivals
}

// Query answers what costs little; JSON-RPC has the rest, with limits.
func (p *provable) Query(ctx context.Context, request *abci.RequestQuery) (*abci.ResponseQuery, error) {
	if !cheap.MatchString(request.Path) {
		return sdkerrors.QueryResult(sdkerrors.ErrUnauthorized.Wrap("only words of stores are answered"), false), nil
	}
	return p.App.Query(ctx, request)
}

// ownClient asks the consensus and the state machine for the JSON-RPC server.
type ownClient struct {
	*local.Local
	query func(context.Context, *abci.RequestQuery) (*abci.ResponseQuery, error)
	turns chan struct{}
}

// newOwnClient lets questions take all processors but one, which is the consensus'.
func newOwnClient(consensus *local.Local, machine *app.App) *ownClient {
	return &ownClient{
		Local: consensus, query: machine.Query, turns: make(chan struct{}, max(1, runtime.GOMAXPROCS(0)-1)),
	}
}

// ABCIQuery asks the state machine for the newest state.
func (c *ownClient) ABCIQuery(
	ctx context.Context, path string, data cmtbytes.HexBytes,
) (*coretypes.ResultABCIQuery, error) {
	return c.ABCIQueryWithOptions(ctx, path, data, rpcclient.DefaultABCIQueryOptions)
}

// ABCIQueryWithOptions asks the state machine once a processor is free.
func (c *ownClient) ABCIQueryWithOptions(
	ctx context.Context, path string, data cmtbytes.HexBytes, options rpcclient.ABCIQueryOptions,
) (*coretypes.ResultABCIQuery, error) {
	select {
	case c.turns <- struct{}{}:
		defer func() { <-c.turns }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	answer, err := c.query(ctx, &abci.RequestQuery{
		Path: path, Data: data, Height: options.Height, Prove: options.Prove,
	})
	if err != nil {
		return nil, err
	}
	return &coretypes.ResultABCIQuery{Response: *answer}, nil
}
