package node

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"

	gethfilters "github.com/ethereum/go-ethereum/eth/filters"
	gethrpc "github.com/ethereum/go-ethereum/rpc"
	"github.com/gorilla/websocket"

	"github.com/cosmos/evm/rpc/namespaces/ethereum/eth/filters"

	"medseal.example/engine/rpc"
)

const (
	// mostSockets is how many connections there are at once, and mostSubscriptions how many subscriptions one has.
	mostSockets       = 64
	mostSubscriptions = 16
	// mostOfOne is how many connections one reader has: whoever fills its places leaves most to others.
	mostOfOne = mostSockets / 8
	// mostNamed is how many addresses a subscription names, and how many topics in each place.
	mostNamed = 64
	// longestQuestion is how many bytes a question has at most: a transaction's, in hexadecimal digits, with room to spare.
	longestQuestion = 512 << 10
	// longestWrite is how long a message may take on its way to a reader; one that is slower is disconnected.
	longestWrite = 10 * time.Second
	// pingEvery is how often a connection is tried; one that is silent for twice as long ends.
	pingEvery = 30 * time.Second
)

// sockets answers JSON-RPC over WebSocket, with subscriptions to new blocks and logs (eth_subscribe).
//
// A connection has one question answered at a time, and nothing is queued for it: a reader that is slow holds up itself.
type sockets struct {
	// answer is JSON-RPC over HTTP, which answers all other questions.
	answer http.Handler
	feed   *rpc.Feed
	places *places
	// limit is how many bytes a question may have, and patience how long its answer may take.
	limit    int64
	patience time.Duration
	ended    context.Context
}

func newSockets(
	ended context.Context, answer http.Handler, feed *rpc.Feed, limit int, patience time.Duration,
) *sockets {
	return &sockets{
		answer: answer, feed: feed, places: newPlaces(mostSockets, mostOfOne, nobody),
		limit: int64(min(limit, longestQuestion)), patience: patience, ended: ended,
	}
}

// ServeHTTP makes a WebSocket of a connection and serves it until it ends.
func (s *sockets) ServeHTTP(answer http.ResponseWriter, request *http.Request) {
	leave, err := s.places.enter(request.RemoteAddr)
	if err != nil {
		http.Error(answer, err.Error(), http.StatusServiceUnavailable)
		return
	}
	defer leave()
	upgrader := websocket.Upgrader{HandshakeTimeout: longestWrite}
	connection, err := upgrader.Upgrade(answer, request, nil)
	if err != nil {
		return
	}
	ctx, stop := context.WithCancel(s.ended)
	each := &socket{sockets: s, connection: connection, stop: stop, following: map[gethrpc.ID]context.CancelFunc{}}
	each.serve(ctx)
}

// socket is one connection.
type socket struct {
	*sockets
	connection *websocket.Conn
	stop       context.CancelFunc
	// writing has one message written at a time.
	writing sync.Mutex
	// following are the subscriptions; only the reading goroutine touches them.
	following map[gethrpc.ID]context.CancelFunc
}

func (c *socket) serve(ctx context.Context) {
	defer c.stop()
	go c.keep(ctx)
	c.connection.SetReadLimit(c.limit)
	heard := func(string) error { return c.connection.SetReadDeadline(time.Now().Add(2 * pingEvery)) }
	c.connection.SetPongHandler(heard)
	for heard("") == nil {
		_, text, err := c.connection.ReadMessage()
		if err != nil {
			return
		}
		said, follow := c.reply(ctx, text)
		if len(said) > 0 && c.write(said) != nil {
			return
		}
		if follow != nil {
			go follow()
		}
	}
}

// keep tries the connection until its end, and closes it.
func (c *socket) keep(ctx context.Context) {
	defer c.connection.Close()
	ticker := time.NewTicker(pingEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if c.connection.WriteControl(websocket.PingMessage, nil, time.Now().Add(longestWrite)) != nil {
				return
			}
		}
	}
}

func (c *socket) write(text []byte) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	if err := c.connection.SetWriteDeadline(time.Now().Add(longestWrite)); err != nil {
		return err
	}
	return c.connection.WriteMessage(websocket.TextMessage, text)
}

// question is a call of JSON-RPC.
type question struct {
	ID     json.RawMessage   `json:"id"`
	Method string            `json:"method"`
	Params []json.RawMessage `json:"params"`
}

// reply answers a message; follow, if there is one, is to run once the answer was written.
func (c *socket) reply(ctx context.Context, text []byte) (said []byte, follow func()) {
	var asked question
	if json.Unmarshal(text, &asked) == nil {
		switch asked.Method {
		case "eth_subscribe":
			return c.subscribe(ctx, asked)
		case "eth_unsubscribe":
			return c.unsubscribe(asked), nil
		}
	}
	ctx, cancel := context.WithTimeout(ctx, c.patience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "/", bytes.NewReader(text))
	if err != nil {
		return nil, nil
	}
	request.Header.Set("Content-Type", "application/json")
	written := &answerBuffer{header: http.Header{}}
	c.answer.ServeHTTP(written, request)
	return bytes.TrimSpace(written.body.Bytes()), nil
}

func (c *socket) subscribe(ctx context.Context, asked question) (said []byte, follow func()) {
	pick, err := readSubscription(asked.Params)
	if err != nil {
		return refused(asked.ID, -32602, err.Error()), nil
	}
	if len(c.following) == mostSubscriptions {
		return refused(asked.ID, -32005, fmt.Sprintf("over %d subscriptions of one connection", mostSubscriptions)), nil
	}
	id := gethrpc.NewID()
	ctx, cancel := context.WithCancel(ctx)
	c.following[id] = cancel
	next, from := c.feed.Next(), c.feed.Whole()
	return answered(asked.ID, id), func() {
		// Whoever does not hear of a block must not go on as if there had been none.
		if c.follow(ctx, id, next, from, pick) != nil && ctx.Err() == nil {
			c.stop()
		}
	}
}

func (c *socket) unsubscribe(asked question) []byte {
	var id gethrpc.ID
	if len(asked.Params) != 1 || json.Unmarshal(asked.Params[0], &id) != nil || c.following[id] == nil {
		return refused(asked.ID, -32602, "no such subscription")
	}
	c.following[id]()
	delete(c.following, id)
	return answered(asked.ID, true)
}

// follow tells of each block after one, in order, until the context ends.
func (c *socket) follow(
	ctx context.Context, id gethrpc.ID, next <-chan struct{}, at int64, pick func(*rpc.News) []any,
) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-next:
		}
		next = c.feed.Next()
		for newest := c.feed.Whole(); at < newest; {
			at++
			news, err := c.feed.Read(ctx, at)
			if err != nil {
				return err
			}
			for _, each := range pick(news) {
				text, err := json.Marshal(notice{Version: "2.0", Method: "eth_subscription", Params: told{id, each}})
				if err != nil {
					return err
				}
				if err := c.write(text); err != nil {
					return err
				}
			}
		}
	}
}

// readSubscription reads what a subscriber wants to hear of a block.
func readSubscription(params []json.RawMessage) (func(*rpc.News) []any, error) {
	var name string
	if len(params) == 0 || json.Unmarshal(params[0], &name) != nil {
		return nil, fmt.Errorf("the name of a subscription is missing")
	}
	switch {
	case name == "newHeads" && len(params) == 1:
		return func(news *rpc.News) []any { return []any{news.Head} }, nil
	case name == "logs" && len(params) <= 2:
		var wanted gethfilters.FilterCriteria
		if len(params) == 2 {
			if err := json.Unmarshal(params[1], &wanted); err != nil {
				return nil, fmt.Errorf("the filter is malformed")
			}
		}
		if len(wanted.Addresses) > mostNamed {
			return nil, fmt.Errorf("a subscription names %d addresses at most", mostNamed)
		}
		for _, topics := range wanted.Topics {
			if len(topics) > mostNamed {
				return nil, fmt.Errorf("a subscription names %d topics in each place at most", mostNamed)
			}
		}
		if wanted.BlockHash != nil {
			return nil, fmt.Errorf("a subscription is to blocks to come, not to one of them")
		}
		return func(news *rpc.News) (found []any) {
			for _, log := range filters.FilterLogs(news.Logs, nil, nil, wanted.Addresses, wanted.Topics) {
				found = append(found, log)
			}
			return found
		}, nil
	}
	return nil, fmt.Errorf("subscriptions are newHeads and logs")
}

type told struct {
	ID     gethrpc.ID `json:"subscription"`
	Result any        `json:"result"`
}

type notice struct {
	Version string `json:"jsonrpc"`
	Method  string `json:"method"`
	Params  told   `json:"params"`
}

func answered(id json.RawMessage, result any) []byte {
	return encoded(map[string]any{"jsonrpc": "2.0", "id": named(id), "result": result})
}

func refused(id json.RawMessage, code int, reason string) []byte {
	return encoded(map[string]any{
		"jsonrpc": "2.0", "id": named(id), "error": map[string]any{"code": code, "message": reason},
	})
}

func named(id json.RawMessage) json.RawMessage {
	if len(id) == 0 {
		return json.RawMessage("null")
	}
	return id
}

func encoded(value any) []byte {
	text, err := json.Marshal(value)
	if err != nil {
		return nil
	}
	return text
}

// answerBuffer keeps an answer of the HTTP server.
type answerBuffer struct {
	header http.Header
	body   bytes.Buffer
}

func (b *answerBuffer) Header() http.Header            { return b.header }
func (b *answerBuffer) Write(text []byte) (int, error) { return b.body.Write(text) }
func (b *answerBuffer) WriteHeader(int)                {}
