package node

import (
	"context"
	"errors"
	"net/http"
	"time"

	gethrpc "github.com/ethereum/go-ethereum/rpc"
	"github.com/gorilla/websocket"
	"golang.org/x/sync/errgroup"

	evmconfig "github.com/cosmos/evm/server/config"

	"medseal.example/engine/rpc"
)

// lastAnswers is how long answers that are being made may take once the node ends.
const lastAnswers = 200 * time.Millisecond

// serveJSONRPC answers Ethereum's JSON-RPC over HTTP and WebSocket until the context ends. The server of cosmos/evm for
// subscriptions has no bounds, and is not used.
func serveJSONRPC(
	ctx context.Context, group *errgroup.Group, config *evmconfig.Config, methods []gethrpc.API, feed *rpc.Feed,
) error {
	server := gethrpc.NewServer()
	server.SetBatchLimits(config.JSONRPC.BatchRequestLimit, config.JSONRPC.BatchResponseMaxSize)
	server.SetHTTPBodyLimit(config.JSONRPC.HTTPBodyLimit)
	for _, each := range methods {
		if err := server.RegisterName(each.Namespace, each.Service); err != nil {
			return err
		}
	}
	listener, err := listen(config.JSONRPC.Address, readers())
	if err != nil {
		return err
	}
	sockets := newSockets(ctx, server, feed, config.JSONRPC.HTTPBodyLimit, config.JSONRPC.HTTPTimeout)
	door := &http.Server{
		Handler:           refusePages(takeCalls(server, sockets)),
		ReadHeaderTimeout: config.JSONRPC.HTTPTimeout,
		ReadTimeout:       config.JSONRPC.HTTPTimeout,
		WriteTimeout:      config.JSONRPC.HTTPTimeout,
		IdleTimeout:       config.JSONRPC.HTTPIdleTimeout,
	}
	group.Go(func() error {
		if err := door.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	group.Go(func() error {
		<-ctx.Done()
		last, cancel := context.WithTimeout(context.Background(), lastAnswers)
		defer cancel()
		if err := door.Shutdown(last); err != nil {
			return door.Close()
		}
		return nil
	})
	return nil
}

// refusePages turns away what a web page sends: browsers name the page, or say that there is one, and programs do neither.
func refusePages(next http.Handler) http.Handler {
	return http.HandlerFunc(func(answer http.ResponseWriter, request *http.Request) {
		site := request.Header.Get("Sec-Fetch-Site")
		if request.Header.Get("Origin") != "" || site != "" && site != "none" {
			http.Error(answer, "web pages are not answered", http.StatusForbidden)
			return
		}
		next.ServeHTTP(answer, request)
	})
}

// takeCalls answers calls over HTTP and WebSocket, and nothing else.
func takeCalls(next, sockets http.Handler) http.Handler {
	return http.HandlerFunc(func(answer http.ResponseWriter, request *http.Request) {
		switch {
		case websocket.IsWebSocketUpgrade(request):
			sockets.ServeHTTP(answer, request)
		case request.Method != http.MethodPost:
			http.Error(answer, "JSON-RPC is asked with POST, or over WebSocket", http.StatusMethodNotAllowed)
		default:
			next.ServeHTTP(answer, request)
		}
	})
}
