package node

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"regexp"

	"golang.org/x/sync/errgroup"

	"github.com/cometbft/cometbft/libs/bytes"
	cmtlog "github.com/cometbft/cometbft/libs/log"
	cmtnode "github.com/cometbft/cometbft/node"
	coretypes "github.com/cometbft/cometbft/rpc/core/types"
	rpcserver "github.com/cometbft/cometbft/rpc/jsonrpc/server"
	rpctypes "github.com/cometbft/cometbft/rpc/jsonrpc/types"
)

const (
	// mostReaders is how many connections each of the two RPC servers has, and mostOfReader how many of one address.
	mostReaders  = 512
	mostOfReader = 64
)

// storeKey is the path of a question for a word of a store, with its proof.
var storeKey = regexp.MustCompile(`^/store/[a-z]+/key$`)

// readers gives the connections of an RPC server their places; programs on this machine need none.
func readers() *places { return newPlaces(mostReaders, mostOfReader, netip.Addr.IsLoopback) }

// serveConsensus answers CometBFT's RPC over HTTP until the context ends. CometBFT's own server takes WebSockets of any web
// page, and is not used.
func serveConsensus(
	ctx context.Context, group *errgroup.Group, node *cmtnode.Node, address string, logger cmtlog.Logger,
) error {
	environment, err := node.ConfigureRPC()
	if err != nil {
		return err
	}
	routes := environment.GetRoutes()
	for _, name := range []string{"subscribe", "unsubscribe", "unsubscribe_all"} {
		delete(routes, name)
	}
	// Whether a peer may connect is for the consensus to ask: each such question takes a place.
	routes["abci_query"] = rpcserver.NewRPCFunc(func(
		request *rpctypes.Context, path string, data bytes.HexBytes, height int64, prove bool,
	) (*coretypes.ResultABCIQuery, error) {
		if !storeKey.MatchString(path) {
			return nil, errors.New("only words of stores are answered")
		}
		return environment.ABCIQuery(request, path, data, height, prove)
	}, "path,data,height,prove")
	answers := http.NewServeMux()
	rpcserver.RegisterRPCFuncs(answers, routes, logger)
	listener, err := listen(address, readers())
	if err != nil {
		return err
	}
	limits := rpcserver.DefaultConfig()
	group.Go(func() error {
		if err := rpcserver.Serve(listener, refusePages(answers), logger, limits); ctx.Err() == nil {
			return err
		}
		return nil
	})
	group.Go(func() error {
		<-ctx.Done()
		return listener.Close()
	})
	return nil
}
