package rpc

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"

	abci "github.com/cometbft/cometbft/abci/types"
	cmtbytes "github.com/cometbft/cometbft/libs/bytes"
	"github.com/cometbft/cometbft/rpc/client"
	coretypes "github.com/cometbft/cometbft/rpc/core/types"
)

// heldConsensus answers nothing until it is told to.
type heldConsensus struct {
	Consensus
	began   chan struct{}
	release chan struct{}
}

func (c *heldConsensus) Commit(context.Context, *int64) (*coretypes.ResultCommit, error) {
	c.began <- struct{}{}
	<-c.release
	return &coretypes.ResultCommit{}, nil
}

func (c *heldConsensus) BlockResults(context.Context, *int64) (*coretypes.ResultBlockResults, error) {
	return &coretypes.ResultBlockResults{Height: 7, TxsResults: []*abci.ExecTxResult{{
		Code: 3, Data: []byte{1, 2}, GasWanted: 4, GasUsed: 5, Log: "said",
		Events: []abci.Event{{Type: "long", Attributes: []abci.EventAttribute{{Key: "again", Value: "at length"}}}},
	}}}, nil
}

func (c *heldConsensus) ABCIQueryWithOptions(
	_ context.Context, path string, data cmtbytes.HexBytes, options client.ABCIQueryOptions,
) (*coretypes.ResultABCIQuery, error) {
	if path != "/store/evm/key" || !bytes.Equal(data, []byte{2, 255}) || options.Height != 12 || !options.Prove {
		return nil, errors.New("asked otherwise")
	}
	return &coretypes.ResultABCIQuery{}, nil
}

func ask(t *testing.T, text string) Question {
	t.Helper()
	var question Question
	if err := json.Unmarshal([]byte(text), &question); err != nil {
		t.Fatal(err)
	}
	return question
}

func TestOnlyWhatIsProvenIsPassedOn(t *testing.T) {
	n := newNetwork("medseal-test", &heldConsensus{})
	results, err := n.Consensus(context.Background(), "block_results", ask(t, `{"height":"7"}`))
	if err != nil {
		t.Fatal(err)
	}
	if text := string(results); strings.Contains(text, "at length") || !strings.Contains(text, `"gas_used":"5"`) ||
		!strings.Contains(text, `"code":3`) || !strings.Contains(text, `"data":"AQI="`) {
		t.Errorf("results %s", text)
	}
	proof := `{"path":"/store/evm/key","data":"02FF","height":"12","prove":true}`
	if _, err := n.Consensus(context.Background(), "abci_query", ask(t, proof)); err != nil {
		t.Error(err)
	}
}

func TestOtherQuestionsAreRefused(t *testing.T) {
	n := newNetwork("medseal-test", &heldConsensus{})
	for _, each := range []struct{ method, question string }{
		{"broadcast_tx_sync", `{}`},
		{"genesis", `{}`},
		{"unsafe_flush_mempool", `{}`},
		{"", `{}`},
		{"abci_query", `{"path":"/app/simulate","data":"00"}`},
		{"abci_query", `{"path":"/store/evm/subspace","data":"02"}`},
		{"abci_query", `{"path":"/custom/evm/key","data":"02"}`},
		{"abci_query", `{"path":"/store/evm/key","data":"` + strings.Repeat("00", longestKey+1) + `"}`},
	} {
		var known refusal
		_, err := n.Consensus(context.Background(), each.method, ask(t, each.question))
		if !errors.As(err, &known) {
			t.Errorf("%s %s: %v", each.method, each.question, err)
		}
	}
}

func TestQuestionsInFlightAreBounded(t *testing.T) {
	consensus := &heldConsensus{began: make(chan struct{}, 1000), release: make(chan struct{})}
	n := newNetwork("medseal-test", consensus)
	var all sync.WaitGroup
	for range 2 * mostProofs {
		all.Go(func() {
			if _, err := n.Consensus(context.Background(), "commit", Question{}); err != nil {
				t.Error(err)
			}
		})
	}
	for range mostProofs {
		<-consensus.began
	}
	if len(consensus.began) != 0 {
		t.Errorf("%d more are answered at once", len(consensus.began))
	}
	close(consensus.release)
	all.Wait()

	for range mostProofs + mostQueued {
		n.queued <- struct{}{}
	}
	var known refusal
	if _, err := n.Consensus(context.Background(), "commit", Question{}); !errors.As(err, &known) || known.code != -32005 {
		t.Errorf("one more than may wait: %v", err)
	}
}

func TestWhoeverLeavesDoesNotWait(t *testing.T) {
	n := newNetwork("medseal-test", &heldConsensus{})
	for range mostProofs {
		n.running <- struct{}{}
	}
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := n.Consensus(ended, "commit", Question{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if len(n.queued) != 0 {
		t.Error("it still has its place")
	}
}
