package app

import (
	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cosmos/gogoproto/proto"

	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	evmtypes "github.com/cosmos/evm/x/vm/types"
)

// FinalizeBlock carries out a block. What its calls returned is left out of the results that validators sign: nobody
// reads it there, and a call returns more bytes for its gas than it can log, so that without this the results of a block
// would be three times as large as its logs can be. Every reader takes all of them.
func (app *App) FinalizeBlock(request *abci.RequestFinalizeBlock) (*abci.ResponseFinalizeBlock, error) {
	answer, err := app.BaseApp.FinalizeBlock(request)
	if err != nil {
		return nil, err
	}
	for _, result := range answer.TxResults {
		if result.Data, err = withoutReturned(result.Data); err != nil {
			return nil, err
		}
	}
	return answer, nil
}

func withoutReturned(data []byte) ([]byte, error) {
	responses, err := evmtypes.DecodeTxResponses(data)
	if err != nil || len(responses) == 0 {
		return data, err
	}
	var kept sdk.TxMsgData
	for _, response := range responses {
		response.Ret = nil
		packed, err := codectypes.NewAnyWithValue(response)
		if err != nil {
			return nil, err
		}
		kept.MsgResponses = append(kept.MsgResponses, packed)
	}
	return proto.Marshal(&kept)
}
