package node

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	gethrpc "github.com/ethereum/go-ethereum/rpc"
	"golang.org/x/sync/errgroup"

	evmconfig "github.com/cosmos/evm/server/config"
)

// greeter is a method to ask for.
type greeter struct{}

func (greeter) Hello() string { return "hello" }

// Wait answers nothing until nobody waits for it.
func (greeter) Wait(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

func TestNoPageIsAnsweredWhetherItNamesItselfOrItsBrowserDoes(t *testing.T) {
	door := refusePages(http.HandlerFunc(func(answer http.ResponseWriter, _ *http.Request) { answer.WriteHeader(http.StatusOK) }))
	for header, status := range map[[2]string]int{
		{"X-Any", "thing"}:                200,
		{"Sec-Fetch-Site", "none"}:        200,
		{"Sec-Fetch-Site", "cross-site"}:  403,
		{"Sec-Fetch-Site", "same-origin"}: 403,
		{"Origin", "null"}:                403,
		{"Origin", "https://example.org"}: 403,
	} {
		request := httptest.NewRequest(http.MethodGet, "/status", nil)
		request.Header.Set(header[0], header[1])
		answer := httptest.NewRecorder()
		door.ServeHTTP(answer, request)
		if answer.Code != status {
			t.Errorf("%v: %d", header, answer.Code)
		}
	}
}

func TestJSONRPCAnswersProgramsAndNoPages(t *testing.T) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	config := evmconfig.DefaultConfig()
	config.JSONRPC.Address = free.Addr().String()
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	group, running := errgroup.WithContext(ctx)
	if err := serveJSONRPC(running, group, config, []gethrpc.API{{Namespace: "test", Service: greeter{}}}, nil); err != nil {
		t.Fatal(err)
	}
	question := `{"jsonrpc":"2.0","id":1,"method":"test_hello","params":[]}`
	cases := []struct {
		name, method, origin, body string
		status                     int
		says                       string
	}{
		{"a program", "POST", "", question, 200, `"result":"hello"`},
		{"a page", "POST", "https://example.org", question, 403, "web pages"},
		{"a page of this machine", "POST", "http://" + config.JSONRPC.Address, question, 403, "web pages"},
		{"a page that asks if it may", "OPTIONS", "https://example.org", "", 403, "web pages"},
		{"a browser", "GET", "", "", 405, "POST"},
		{"a subscription", "POST", "", `{"jsonrpc":"2.0","id":1,"method":"test_subscribe","params":["hello"]}`, 200, "-32601"},
		{"more than fits", "POST", "", strings.Repeat(" ", config.JSONRPC.HTTPBodyLimit+1), 413, ""},
	}
	for _, each := range cases {
		t.Run(each.name, func(t *testing.T) {
			request, err := http.NewRequest(each.method, "http://"+config.JSONRPC.Address, strings.NewReader(each.body))
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Content-Type", "application/json")
			if each.origin != "" {
				request.Header.Set("Origin", each.origin)
			}
			answer, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			defer answer.Body.Close()
			text, _ := io.ReadAll(answer.Body)
			if answer.StatusCode != each.status || !strings.Contains(string(text), each.says) {
				t.Errorf("it answers %d: %s", answer.StatusCode, text)
			}
		})
	}
	stop()
	if err := group.Wait(); err != nil {
		t.Errorf("it ends with %v", err)
	}
	if connection, err := net.Dial("tcp", config.JSONRPC.Address); err == nil {
		connection.Close()
		t.Error("it still listens")
	}
}
