package app

import (
	"bytes"
	"testing"

	"github.com/cosmos/gogoproto/proto"

	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	evmtypes "github.com/cosmos/evm/x/vm/types"
)

// @actor an admitted account | has its calls return megabytes, so that a block's results are larger than any reader's bound
func TestResultsHaveLogsAndNothingThatACallReturned(t *testing.T) {
	packed, err := codectypes.NewAnyWithValue(&evmtypes.MsgEthereumTxResponse{
		Hash: "0x01", Logs: []*evmtypes.Log{{Address: "0x02", Data: []byte{3}}}, Ret: bytes.Repeat([]byte{4}, 200_000), GasUsed: 5,
	})
	must(err)
	data, err := proto.Marshal(&sdk.TxMsgData{MsgResponses: []*codectypes.Any{packed}})
	must(err)
	kept, err := withoutReturned(data)
	must(err)
	if len(kept) > 200 {
		t.Errorf("%d bytes are kept", len(kept))
	}
	responses, err := evmtypes.DecodeTxResponses(kept)
	must(err)
	if len(responses) != 1 || responses[0].Hash != "0x01" || responses[0].GasUsed != 5 || len(responses[0].Logs) != 1 {
		t.Errorf("kept is %v", responses)
	}
	if again, err := withoutReturned(kept); err != nil || !bytes.Equal(again, kept) {
		t.Errorf("a second time it gives %x, %v", again, err)
	}
	if empty, err := withoutReturned(nil); err != nil || len(empty) != 0 {
		t.Errorf("of nothing it gives %x, %v", empty, err)
	}
}
