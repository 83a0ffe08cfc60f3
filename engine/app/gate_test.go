package app

import (
	"math/big"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	ethtypes "github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"

	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtx "github.com/cosmos/cosmos-sdk/x/auth/tx"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	evmtypes "github.com/cosmos/evm/x/vm/types"
)

// enrol writes a party into the Registry's storage, as the contract would.
func enrol(app *App, ctx sdk.Context, account common.Address, role, suspended byte) {
	var word common.Hash
	copy(word[12:], account.Bytes())
	word[11], word[10] = role, suspended
	key := crypto.Keccak256Hash(common.LeftPadBytes(account.Bytes(), 32), common.LeftPadBytes([]byte{2}, 32))
	app.evm.SetState(ctx, registry, key, word.Bytes())
}

// knowNonce gives an account a number of transactions that it sent.
func knowNonce(app *App, ctx sdk.Context, account common.Address, nonce uint64) {
	known := app.accounts.GetAccount(ctx, account.Bytes())
	if known == nil {
		known = app.accounts.NewAccountWithAddress(ctx, account.Bytes())
	}
	must(known.SetSequence(nonce))
	app.accounts.SetAccount(ctx, known)
}

// @class whoever may send to a consortium's ledger | runs code there that is not of the network's contracts
func TestTheGateTakesWhomTheRegistryAdmits(t *testing.T) {
	app := begun()
	somewhere := common.HexToAddress("0x1234")
	cases := []struct {
		name   string
		nonce  uint64
		sender byte
		to     *common.Address
		data   []byte
		before func(sdk.Context)
		taken  bool
	}{
		{name: "a stranger", sender: 7, to: &somewhere},
		{name: "an administrator", sender: 7, to: &somewhere, taken: true,
			before: func(ctx sdk.Context) { enrol(app, ctx, accountOf(7), 11, 0) }},
		{name: "a suspended administrator", sender: 7, to: &somewhere,
			before: func(ctx sdk.Context) { enrol(app, ctx, accountOf(7), 11, 1) }},
		{name: "a patient", sender: 7, to: &somewhere,
			before: func(ctx sdk.Context) { enrol(app, ctx, accountOf(7), 1, 0) }},
		{name: "a founder before its enrolment", sender: 1, to: &somewhere, taken: true},
		{name: "a founder that was suspended", sender: 1, to: &somewhere,
			before: func(ctx sdk.Context) { enrol(app, ctx, accountOf(1), 11, 1) }},
		{name: "the first creation", sender: 0, data: creation(0), taken: true},
		{name: "another creation first", sender: 0, data: creation(1)},
		{name: "the first creation with more after it", sender: 0, data: append(creation(0), 0)},
		{name: "the first creation's data as a call", sender: 0, to: &somewhere, data: creation(0)},
		{name: "a call before the creations", sender: 0, to: &somewhere},
		{name: "the second creation second", sender: 0, nonce: 1, data: creation(1), taken: true},
		{name: "the first creation again", sender: 0, nonce: 1, data: creation(0)},
		{name: "another contract by a founder", sender: 1, data: creation(8)},
		{name: "another contract by an administrator", sender: 7, data: creation(8),
			before: func(ctx sdk.Context) { enrol(app, ctx, accountOf(7), 11, 0) }},
		{name: "a founding contract by somebody else, with other values", sender: 1, data: append(creation(0), 0)},
		{name: "less than the code of a contract", sender: 1, data: creation(7)[:3]},
		{name: "no code", sender: 1, data: []byte{}},
		{name: "a contract of the network by a stranger", sender: 7, data: creation(7)},
		{name: "a contract of the network by a founder", sender: 1, data: creation(7), taken: true},
		{name: "a contract of the network by an administrator, with its values", sender: 7, data: append(creation(7), 1, 2), taken: true,
			before: func(ctx sdk.Context) { enrol(app, ctx, accountOf(7), 11, 0) }},
		{name: "a call after the creations", sender: 0, nonce: 2, to: &somewhere, taken: true},
	}
	for _, each := range cases {
		t.Run(each.name, func(t *testing.T) {
			ctx := state(app)
			if each.before != nil {
				each.before(ctx)
			}
			knowNonce(app, ctx, accountOf(each.sender), each.nonce)
			tx := wrap(app, message(each.sender, plain(each.nonce, each.to, each.data), signerOf(chainID)))
			if _, err := app.AnteHandler()(ctx, tx, false); (err == nil) != each.taken {
				t.Errorf("answered %v", err)
			}
		})
	}
}

func TestTheGateTakesOnlyWhatIsMeantForThisChain(t *testing.T) {
	app := begun()
	somewhere := common.HexToAddress("0x1234")
	foreign := &ethtypes.DynamicFeeTx{
		ChainID: big.NewInt(chainID + 1), To: &somewhere, Gas: 50_000, GasFeeCap: new(big.Int), GasTipCap: new(big.Int),
	}
	legacy := &ethtypes.LegacyTx{To: &somewhere, Gas: 50_000, GasPrice: new(big.Int)}
	stolen := message(7, plain(0, &somewhere, nil), signerOf(chainID))
	stolen.From = accountOf(1).Bytes()
	cases := []struct {
		name  string
		sent  *evmtypes.MsgEthereumTx
		taken bool
	}{
		{"one for this chain", message(1, plain(0, &somewhere, nil), signerOf(chainID)), true},
		{"a legacy one for this chain", message(1, legacy, signerOf(chainID)), true},
		{"one for another chain", message(1, foreign, signerOf(chainID+1)), false},
		{"a legacy one for another chain", message(1, legacy, signerOf(chainID+1)), false},
		{"one that holds on every chain", message(1, legacy, ethtypes.HomesteadSigner{}), false},
		{"a stranger's under a founder's name", stolen, false},
	}
	for _, each := range cases {
		t.Run(each.name, func(t *testing.T) {
			if _, err := app.AnteHandler()(state(app), wrap(app, each.sent), false); (err == nil) != each.taken {
				t.Errorf("answered %v", err)
			}
		})
	}
}

// A delegated account runs code in its own name: it could create other contracts where the founders' are to be.
func TestTheGateTakesNoDelegationOfAnAccountToCode(t *testing.T) {
	app := begun()
	authorization, err := ethtypes.SignSetCode(secretOf(0), ethtypes.SetCodeAuthorization{
		ChainID: *uint256.NewInt(chainID), Address: common.HexToAddress("0xbad"),
	})
	must(err)
	delegation := &ethtypes.SetCodeTx{
		ChainID: uint256.NewInt(chainID), To: accountOf(0), Gas: 200_000, GasFeeCap: new(uint256.Int), GasTipCap: new(uint256.Int),
		Value: new(uint256.Int), AuthList: []ethtypes.SetCodeAuthorization{authorization},
	}
	tx := wrap(app, message(1, delegation, signerOf(chainID)))
	if _, err := app.AnteHandler()(state(app), tx, false); err == nil {
		t.Error("it was taken")
	}
}

func TestTheGateTakesOneTransactionOfEthereumAtATimeAndNothingElse(t *testing.T) {
	app := begun()
	somewhere := common.HexToAddress("0x1234")
	one := message(1, plain(0, &somewhere, nil), signerOf(chainID))
	next := message(1, plain(1, &somewhere, nil), signerOf(chainID))
	coins := &banktypes.MsgSend{
		FromAddress: sdk.AccAddress(accountOf(1).Bytes()).String(), ToAddress: sdk.AccAddress(accountOf(7).Bytes()).String(),
		Amount: sdk.NewCoins(sdk.NewInt64Coin("stake", 1)),
	}
	option, err := codectypes.NewAnyWithValue(&evmtypes.ExtensionOptionsEthereumTx{})
	must(err)
	build := func(mark bool, messages ...sdk.Msg) sdk.Tx {
		builder := app.txConfig.NewTxBuilder()
		must(builder.SetMsgs(messages...))
		builder.SetGasLimit(uint64(len(messages)) * 200_000)
		if mark {
			builder.(authtx.ExtensionOptionsTxBuilder).SetExtensionOptions(option)
		}
		return builder.GetTx()
	}
	cases := []struct {
		name  string
		tx    sdk.Tx
		taken bool
	}{
		{"one", build(true, one), true},
		{"two", build(true, one, next), false},
		{"none", build(true), false},
		{"one that is not marked as Ethereum's", build(false, one), false},
		{"a transfer of stake", build(false, coins), false},
		{"a transfer of stake marked as Ethereum's", build(true, coins), false},
		{"one, and a transfer of stake", build(true, one, coins), false},
	}
	for _, each := range cases {
		t.Run(each.name, func(t *testing.T) {
			if _, err := app.AnteHandler()(state(app), each.tx, false); (err == nil) != each.taken {
				t.Errorf("answered %v", err)
			}
		})
	}
}
