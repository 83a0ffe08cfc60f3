package node

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	ethtypes "github.com/ethereum/go-ethereum/core/types"
	gethrpc "github.com/ethereum/go-ethereum/rpc"
	"github.com/gorilla/websocket"

	"github.com/cosmos/evm/rpc/types"

	"medseal.example/engine/rpc"
)

// chainOf makes blocks when it is told to; each has a log, of the address 0x…1 or 0x…2 in turn.
type chainOf struct {
	mutex  sync.Mutex
	height int64
	next   chan struct{}
	read   int
	broken bool
}

func newChain() *chainOf { return &chainOf{next: make(chan struct{})} }

func (c *chainOf) grow() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.height++
	close(c.next)
	c.next = make(chan struct{})
}

func (c *chainOf) Whole() int64 {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.height
}

func (c *chainOf) Next() <-chan struct{} {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.next
}

func (c *chainOf) GetBlockByNumber(_ context.Context, height types.BlockNumber, _ bool) (map[string]any, error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.read++
	if c.broken {
		return nil, errors.New("pruned")
	}
	return map[string]any{"number": fmt.Sprintf("%#x", int64(height)), "transactions": []string{"0x1"}}, nil
}

func (c *chainOf) GetLogsByHeight(_ context.Context, height *int64) ([][]*ethtypes.Log, error) {
	address := common.BytesToAddress([]byte{byte(1 + *height%2)})
	return [][]*ethtypes.Log{{{Address: address, Topics: []common.Hash{{9}}, BlockNumber: uint64(*height)}}}, nil
}

// patience is how long a test's question may take; farAway is a header that says which address a test's reader has.
const (
	patience = 200 * time.Millisecond
	farAway  = "Test-Address"
)

// serveSockets serves a chain over WebSocket at an address, until the test ends.
func serveSockets(t *testing.T, chain *chainOf) string {
	t.Helper()
	answers := gethrpc.NewServer()
	if err := answers.RegisterName("test", greeter{}); err != nil {
		t.Fatal(err)
	}
	ended, stop := context.WithCancel(context.Background())
	sockets := newSockets(ended, answers, rpc.NewFeed(chain, chain), 10_000, patience)
	door := httptest.NewServer(http.HandlerFunc(func(answer http.ResponseWriter, request *http.Request) {
		if address := request.Header.Get(farAway); address != "" {
			request.RemoteAddr = address
		}
		refusePages(takeCalls(answers, sockets)).ServeHTTP(answer, request)
	}))
	t.Cleanup(func() {
		stop()
		door.Close()
	})
	return "ws" + strings.TrimPrefix(door.URL, "http")
}

// dial opens a connection of a reader on this machine.
func dial(t *testing.T, url string) *websocket.Conn {
	t.Helper()
	return dialFrom(t, url, "")
}

// dialFrom opens a connection of a reader that has an address.
func dialFrom(t *testing.T, url, address string) *websocket.Conn {
	t.Helper()
	connection, answer, err := websocket.DefaultDialer.Dial(url, http.Header{farAway: {address}})
	if err != nil {
		t.Fatalf("%v: %v", err, answer)
	}
	t.Cleanup(func() { connection.Close() })
	return connection
}

// hear reads the next message; an empty one if the connection was closed.
func hear(t *testing.T, connection *websocket.Conn) string {
	t.Helper()
	_ = connection.SetReadDeadline(time.Now().Add(20 * time.Second))
	_, text, err := connection.ReadMessage()
	if err != nil {
		return ""
	}
	return string(text)
}

func put(t *testing.T, connection *websocket.Conn, text string) string {
	t.Helper()
	if err := connection.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
		t.Fatal(err)
	}
	return hear(t, connection)
}

func call(method, params string) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":7,"method":"%s","params":%s}`, method, params)
}

// begin subscribes; the name of the subscription.
func begin(t *testing.T, connection *websocket.Conn, params string) string {
	t.Helper()
	var answer struct{ Result string }
	text := put(t, connection, call("eth_subscribe", params))
	if json.Unmarshal([]byte(text), &answer) != nil || answer.Result == "" {
		t.Fatalf("it answers %s", text)
	}
	return answer.Result
}

func TestASubscriberHearsOfEachBlockOnceAndInOrder(t *testing.T) {
	chain := newChain()
	connection := dial(t, serveSockets(t, chain))
	chain.grow()
	heads := begin(t, connection, `["newHeads"]`)
	for number := 2; number <= 40; number++ {
		chain.grow()
	}
	for number := 2; number <= 40; number++ {
		text := hear(t, connection)
		if !strings.Contains(text, fmt.Sprintf(`"number":"%#x"`, number)) || !strings.Contains(text, heads) ||
			strings.Contains(text, "transactions") {
			t.Fatalf("instead of block %d: %s", number, text)
		}
	}
	if text := put(t, connection, call("eth_unsubscribe", `["`+heads+`"]`)); !strings.Contains(text, `"result":true`) {
		t.Errorf("it answers %s", text)
	}
	chain.grow()
	if text := put(t, connection, call("test_hello", `[]`)); !strings.Contains(text, "hello") {
		t.Errorf("after its end it hears %s", text)
	}
}

func TestASubscriberHearsOfTheLogsThatItWants(t *testing.T) {
	chain := newChain()
	connection := dial(t, serveSockets(t, chain))
	begin(t, connection, `["logs",{"address":"0x0000000000000000000000000000000000000001","topics":[["`+
		common.Hash{9}.Hex()+`"]]}]`)
	begin(t, connection, `["logs",{"topics":["`+common.Hash{8}.Hex()+`"]}]`)
	for range 4 {
		chain.grow()
	}
	for _, number := range []string{"0x2", "0x4"} {
		if text := hear(t, connection); !strings.Contains(text, `"blockNumber":"`+number+`"`) {
			t.Fatalf("instead of a log of block %s: %s", number, text)
		}
	}
}

func TestManySubscribersCostOneLookAtEachBlock(t *testing.T) {
	chain := newChain()
	url := serveSockets(t, chain)
	var connections []*websocket.Conn
	for number := range 20 {
		connection := dialFrom(t, url, fmt.Sprintf("192.0.2.%d:7", number))
		begin(t, connection, `["newHeads"]`)
		connections = append(connections, connection)
	}
	chain.grow()
	for _, connection := range connections {
		hear(t, connection)
	}
	if chain.read != 1 {
		t.Errorf("the block was read %d times", chain.read)
	}
}

func TestWebSocketQuestionsAreAnsweredOrRefused(t *testing.T) {
	connection := dial(t, serveSockets(t, newChain()))
	for _, each := range []struct{ asked, says string }{
		{call("test_hello", `[]`), `"result":"hello"`},
		{"[" + call("test_hello", `[]`) + "," + call("test_hello", `[]`) + "]", `[{"jsonrpc"`},
		{"[" + call("eth_subscribe", `["newHeads"]`) + "]", "error"},
		{call("test_missing", `[]`), "-32601"},
		{"{", "-32700"},
		{call("eth_subscribe", `[]`), "-32602"},
		{call("eth_subscribe", `["newPendingTransactions"]`), "-32602"},
		{call("eth_subscribe", `["newHeads",{}]`), "-32602"},
		{call("eth_subscribe", `["logs",{"address":"0x1"}]`), "-32602"},
		{call("eth_subscribe", `["logs",{"blockHash":"`+common.Hash{1}.Hex()+`"}]`), "-32602"},
		{call("eth_unsubscribe", `["0x1"]`), "-32602"},
		{call("eth_unsubscribe", `[]`), "-32602"},
	} {
		if text := put(t, connection, each.asked); !strings.Contains(text, each.says) {
			t.Errorf("%s: %s", each.asked, text)
		}
	}
}

// @actor a reader over WebSocket | to fill a validator's memory
func TestSubscriptionsQuestionsAndConnectionsAreBounded(t *testing.T) {
	url := serveSockets(t, newChain())
	first := dial(t, url)
	var last string
	for range mostSubscriptions {
		last = begin(t, first, `["newHeads"]`)
	}
	if text := put(t, first, call("eth_subscribe", `["newHeads"]`)); !strings.Contains(text, "-32005") {
		t.Errorf("one more: %s", text)
	}
	put(t, first, call("eth_unsubscribe", `["`+last+`"]`))
	begin(t, first, `["newHeads"]`)
	for number := range mostSockets - 1 {
		dialFrom(t, url, fmt.Sprintf("192.0.2.%d:7", number))
	}
	if !isFull(url, "203.0.113.1:7") {
		t.Error("one more connection is taken")
	}
	if text := put(t, first, strings.Repeat(" ", 10_001)); text != "" {
		t.Errorf("a question that is too long: %s", text)
	}
}

// isFull tells whether a reader at an address is turned away for want of a place.
func isFull(url, address string) bool {
	connection, answer, err := websocket.DefaultDialer.Dial(url, http.Header{farAway: {address}})
	if err == nil {
		connection.Close()
	}
	return err != nil && answer != nil && answer.StatusCode == http.StatusServiceUnavailable
}

// @actor a reader over WebSocket | to take every reader's place
func TestNoReaderTakesTheConnectionsOfAllOthers(t *testing.T) {
	url := serveSockets(t, newChain())
	for number := range mostOfOne {
		dialFrom(t, url, fmt.Sprintf("192.0.2.1:%d", 10+number))
	}
	if !isFull(url, "192.0.2.1:99") {
		t.Error("one more connection of the same reader is taken")
	}
	if isFull(url, "192.0.2.2:99") {
		t.Error("another reader is turned away")
	}
}

// @actor a reader over WebSocket | to name what fills a validator's memory
func TestASubscriptionNamesFewAddressesAndTopics(t *testing.T) {
	connection := dial(t, serveSockets(t, newChain()))
	addresses := func(count int) string {
		return `["logs",{"address":["` + strings.Repeat(common.Address{}.Hex()+`","`, count-1) + common.Address{}.Hex() + `"]}]`
	}
	topics := func(count int) string {
		return `["logs",{"topics":[null,["` + strings.Repeat(common.Hash{}.Hex()+`","`, count-1) + common.Hash{}.Hex() + `"]]}]`
	}
	for _, params := range []string{addresses(mostNamed), topics(mostNamed)} {
		begin(t, connection, params)
	}
	for _, params := range []string{addresses(mostNamed + 1), topics(mostNamed + 1)} {
		if text := put(t, connection, call("eth_subscribe", params)); !strings.Contains(text, "-32602") {
			t.Errorf("one more than may be named: %s", text)
		}
	}
}

// @actor a reader over WebSocket | to have an answer made without end
func TestAWebSocketQuestionHasATimeToEnd(t *testing.T) {
	connection := dial(t, serveSockets(t, newChain()))
	// The server's timer, the deadline and the method's own end race, so which of their errors is written is open.
	if text := put(t, connection, call("test_wait", `[]`)); !strings.Contains(text, `"error"`) {
		t.Errorf("it answers %s", text)
	}
	if text := put(t, connection, call("test_hello", `[]`)); !strings.Contains(text, "hello") {
		t.Errorf("after it, it answers %s", text)
	}
}

func TestAWebSocketQuestionHasFewBytes(t *testing.T) {
	ended, stop := context.WithCancel(context.Background())
	defer stop()
	if sockets := newSockets(ended, nil, nil, 5<<20, patience); sockets.limit != longestQuestion {
		t.Errorf("it may have %d bytes", sockets.limit)
	}
}

func TestAPageOpensNoWebSocket(t *testing.T) {
	url := serveSockets(t, newChain())
	for _, origin := range []string{"https://example.org", "http://" + strings.TrimPrefix(url, "ws://")} {
		_, answer, err := websocket.DefaultDialer.Dial(url, http.Header{"Origin": {origin}})
		if err == nil || answer.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %v", origin, err)
		}
	}
}

func TestWhoeverCannotBeToldOfABlockIsDisconnected(t *testing.T) {
	chain := newChain()
	connection := dial(t, serveSockets(t, chain))
	begin(t, connection, `["newHeads"]`)
	chain.mutex.Lock()
	chain.broken = true
	chain.mutex.Unlock()
	chain.grow()
	if text := hear(t, connection); text != "" {
		t.Errorf("it hears %s", text)
	}
}
