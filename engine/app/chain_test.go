package app

import (
	"crypto/ecdsa"
	"encoding/json"
	"math/big"
	"sync"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	ethtypes "github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/spf13/viper"

	abci "github.com/cometbft/cometbft/abci/types"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	cmttypes "github.com/cometbft/cometbft/types"

	"cosmossdk.io/log/v2"

	dbm "github.com/cosmos/cosmos-db"
	"github.com/cosmos/cosmos-sdk/baseapp"
	"github.com/cosmos/cosmos-sdk/crypto/keys/ed25519"
	sdk "github.com/cosmos/cosmos-sdk/types"
	evmconfig "github.com/cosmos/evm/server/config"
	srvflags "github.com/cosmos/evm/server/flags"
	evmtypes "github.com/cosmos/evm/x/vm/types"

	"medseal.example/engine/founding"
)

const chainID = 4242

// secretOf is a key for Ethereum's transactions.
func secretOf(number byte) *ecdsa.PrivateKey {
	secret, err := crypto.ToECDSA(common.LeftPadBytes([]byte{number + 1}, 32))
	must(err)
	return secret
}

func accountOf(number byte) common.Address { return crypto.PubkeyToAddress(secretOf(number).PublicKey) }

// validatorKey is a validator's Ed25519 public key.
func validatorKey(number byte) [32]byte {
	return [32]byte(ed25519.GenPrivKeyFromSecret([]byte{number}).PubKey().Bytes())
}

// creation is data that creates an empty contract: the code returns nothing.
func creation(number byte) []byte { return []byte{0x60, number, 0x50, 0x00} }

var (
	registry   = crypto.CreateAddress(accountOf(0), 0)
	validators = crypto.CreateAddress(accountOf(0), 1)
)

func termsOf() *founding.Terms {
	terms := &founding.Terms{
		NetworkID: common.Hash{1}, ChainID: chainID, Time: 1_750_000_000, Registry: registry, Validators: validators,
		Senders:   []common.Address{accountOf(0), accountOf(1), accountOf(2), accountOf(3), accountOf(4)},
		Creations: []common.Hash{crypto.Keccak256Hash(creation(0)), crypto.Keccak256Hash(creation(1))},
		Codes:     []founding.Code{{Length: 4, Hash: crypto.Keccak256Hash(creation(7))}},
	}
	for number, name := range []string{"hospital", "laboratory", "insurer", "pharmacy"} {
		terms.Stakes = append(terms.Stakes, founding.Stake{
			Organisation: name, Key: common.Hash(validatorKey(byte(number))), Stake: 10,
		})
	}
	return terms
}

func newApp(chain string) *App { return newAppOn(chain, dbm.NewMemDB()) }

func newAppOn(chain string, database dbm.DB) *App {
	options, pool := viper.New(), evmconfig.DefaultMempoolConfig()
	options.Set(srvflags.EVMChainID, uint64(chainID))
	options.Set(srvflags.EVMMempoolInsertQueueSize, pool.InsertQueueSize)
	return New(log.NewNopLogger(), database, options, baseapp.SetChainID(chain), baseapp.SetMinGasPrices("0"+Gas),
		baseapp.SetMinRetainBlocks(100))
}

func initRequest(document *cmttypes.GenesisDoc) *abci.RequestInitChain {
	params := document.ConsensusParams.ToProto()
	return &abci.RequestInitChain{
		Time: document.GenesisTime, ChainId: document.ChainID, ConsensusParams: &params, AppStateBytes: document.AppState,
		InitialHeight: 1,
	}
}

// forgeries are changes of a network's first state.
var forgeries = map[string]func(*abci.RequestInitChain){
	"a stake": func(r *abci.RequestInitChain) {
		var parts map[string]json.RawMessage
		must(json.Unmarshal(r.AppStateBytes, &parts))
		terms := termsOf()
		terms.Stakes[0].Stake = 1000
		parts["medseal"], _ = json.Marshal(terms)
		r.AppStateBytes, _ = json.Marshal(parts)
	},
	"the time":             func(r *abci.RequestInitChain) { r.Time = r.Time.Add(time.Second) },
	"the limits of blocks": func(r *abci.RequestInitChain) { r.ConsensusParams.Block.MaxGas *= 2 },
	"the chain's name":     func(r *abci.RequestInitChain) { r.ChainId += "0" },
}

// taken are the forgeries that a state machine began with.
var taken []string

// begun is the one state machine of this process that has a first state: the EVM keeps its settings in the process.
var begun = sync.OnceValue(func() *App {
	document, err := Genesis(termsOf())
	must(err)
	app := newApp(document.ChainID)
	for name, forge := range forgeries {
		request := initRequest(document)
		forge(request)
		if _, err := app.InitChain(request); err == nil {
			taken = append(taken, name)
		}
	}
	_, err = app.InitChain(initRequest(document))
	must(err)
	runBlock(app)
	return app
})

func runBlock(app *App, txs ...[]byte) *abci.ResponseFinalizeBlock {
	answer, err := app.FinalizeBlock(&abci.RequestFinalizeBlock{
		Height: app.LastBlockHeight() + 1, Time: time.Unix(1_750_000_001+app.LastBlockHeight(), 0), Txs: txs,
	})
	must(err)
	_, err = app.Commit()
	must(err)
	return answer
}

// state is the newest state; what a test writes into it is the test's alone.
func state(app *App) sdk.Context {
	ctx := sdk.NewContext(app.CommitMultiStore().CacheMultiStore(), cmtproto.Header{
		ChainID: app.ChainID(), Height: app.LastBlockHeight() + 1, Time: time.Unix(1_750_000_001+app.LastBlockHeight(), 0),
	}, false, log.NewNopLogger())
	ctx = ctx.WithConsensusParams(app.GetConsensusParams(ctx))
	return ctx
}

// plain is a transaction of Ethereum that is not signed.
func plain(nonce uint64, to *common.Address, data []byte) ethtypes.TxData {
	return &ethtypes.DynamicFeeTx{
		ChainID: big.NewInt(chainID), Nonce: nonce, To: to, Data: data, Gas: 200_000, GasFeeCap: new(big.Int), GasTipCap: new(big.Int),
	}
}

// message carries a transaction that an account signed.
func message(number byte, data ethtypes.TxData, signer ethtypes.Signer) *evmtypes.MsgEthereumTx {
	message := &evmtypes.MsgEthereumTx{}
	message.FromEthereumTx(ethtypes.MustSignNewTx(secretOf(number), signer, data))
	message.From = accountOf(number).Bytes()
	return message
}

func signerOf(id int64) ethtypes.Signer { return ethtypes.LatestSignerForChainID(big.NewInt(id)) }

// wrap makes of a message what blocks carry.
func wrap(app *App, message *evmtypes.MsgEthereumTx) sdk.Tx {
	tx, err := message.BuildTx(app.txConfig.NewTxBuilder(), Gas)
	must(err)
	return tx
}

func encode(app *App, tx sdk.Tx) []byte {
	text, err := app.txConfig.TxEncoder()(tx)
	must(err)
	return text
}

func TestInitChainRefusesAFirstStateThatItsNameDoesNotBind(t *testing.T) {
	begun()
	for _, name := range taken {
		t.Errorf("it took another: %s", name)
	}
}
