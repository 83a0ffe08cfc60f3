package node

import (
	"context"
	"testing"

	abci "github.com/cometbft/cometbft/abci/types"
	rpcclient "github.com/cometbft/cometbft/rpc/client"
)

func TestEverybodyIsAnsweredOnlyWhatCostsLittle(t *testing.T) {
	for path, answered := range map[string]bool{
		"/store/evm/key":                          true,
		"/store/medseal/key":                      true,
		"/p2p/filter/id/" + peer:                  true,
		"/p2p/filter/addr/10.0.0.1:26656":         true,
		"/store/evm/subspace":                     false,
		"/cosmos.evm.vm.v1.Query/EthCall":         false,
		"/cosmos.evm.vm.v1.Query/EstimateGas":     false,
		"/cosmos.evm.vm.v1.Query/TraceCall":       false,
		"/cosmos.tx.v1beta1.Service/Simulate":     false,
		"/app/simulate":                           false,
		"x/store/evm/key":                         false,
		"/store/evm/key/../../app":                false,
		"/store/evm/key\n/cosmos.evm.vm.v1.Query": false,
		"": false,
	} {
		if cheap.MatchString(path) != answered {
			t.Errorf("%q: answered is not %t", path, answered)
		}
	}
	// No state machine is asked: there is none.
	answer, err := new(provable).Query(context.Background(), &abci.RequestQuery{Path: "/cosmos.evm.vm.v1.Query/EthCall"})
	if err != nil || !answer.IsErr() {
		t.Errorf("a call is answered: %v, %v", answer, err)
	}
}

func TestAQuestionThatNobodyWaitsForAnyMoreIsNotAsked(t *testing.T) {
	asked := 0
	client := &ownClient{
		query: func(context.Context, *abci.RequestQuery) (*abci.ResponseQuery, error) {
			asked++
			return &abci.ResponseQuery{Height: 7}, nil
		},
		turns: make(chan struct{}, 1),
	}
	answer, err := client.ABCIQuery(context.Background(), "/store/evm/key", nil)
	if err != nil || answer.Response.Height != 7 {
		t.Errorf("it answers %v, %v", answer, err)
	}
	client.turns <- struct{}{}
	gone, leave := context.WithCancel(context.Background())
	leave()
	if _, err := client.ABCIQueryWithOptions(gone, "/store/evm/key", nil, rpcclient.ABCIQueryOptions{}); err == nil || asked != 1 {
		t.Errorf("it was asked %d times: %v", asked, err)
	}
}
