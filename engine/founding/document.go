package founding

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"time"

	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	cmttypes "github.com/cometbft/cometbft/types"
)

// Document is the genesis file that the consensus engine starts from.
//
// The chain's name carries half of the SHA-256 of everything else that the file says. Every signature of a validator is
// over the chain's name, so it is over the first state too: a file with one letter changed makes another chain.
func Document(terms *Terms, state map[string]json.RawMessage, maxBlockBytes, maxBlockGas int64) (*cmttypes.GenesisDoc, error) {
	text, err := json.Marshal(state)
	if err != nil {
		return nil, err
	}
	params := cmttypes.DefaultConsensusParams()
	params.Block.MaxBytes = maxBlockBytes
	params.Block.MaxGas = maxBlockGas
	// Evidence counts as long as stake stays bound: it is too old once it is older than both. Blocks are pruned by the
	// number alone; what evidence is verified with (headers, commits, validators) stays for the whole time.
	params.Evidence.MaxAgeDuration = UnbondingTime
	params.Evidence.MaxAgeNumBlocks = EvidenceBlocks
	document := &cmttypes.GenesisDoc{
		GenesisTime: terms.Began(), InitialHeight: 1, ConsensusParams: params, AppState: text,
	}
	wire := params.ToProto()
	document.ChainID, err = Name(document.GenesisTime, &wire, text)
	if err != nil {
		return nil, err
	}
	return document, document.ValidateAndComplete()
}

// UnbondingTime is how long stake that was taken back can still be lost for what its validator did before.
const UnbondingTime = 21 * 24 * time.Hour

// EvidenceBlocks are the newest blocks, which every node keeps whatever its settings say.
const EvidenceBlocks = 10_000

// Name is the chain's name: it binds the time at which the ledger begins, the limits of blocks and the first state.
func Name(began time.Time, params *cmtproto.ConsensusParams, state []byte) (string, error) {
	var compact bytes.Buffer
	if err := json.Compact(&compact, state); err != nil {
		return "", fmt.Errorf("the first state is not JSON: %w", err)
	}
	limits, err := params.Marshal()
	if err != nil {
		return "", err
	}
	hash := sha256.New()
	fmt.Fprintf(hash, "medseal-consortium/1\n%d\n%d\n", began.Unix(), len(limits))
	hash.Write(limits)
	hash.Write(compact.Bytes())
	return nameOf([32]byte(hash.Sum(nil))), nil
}

// ReadDocument reads a genesis file, and refuses one whose name does not bind what it says.
func ReadDocument(path string) (*cmttypes.GenesisDoc, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	document, err := cmttypes.GenesisDocFromJSON(text)
	if err != nil {
		return nil, fmt.Errorf("%s is not a genesis file: %w", path, err)
	}
	wire := document.ConsensusParams.ToProto()
	name, err := Name(document.GenesisTime, &wire, document.AppState)
	if err != nil {
		return nil, err
	}
	if name != document.ChainID {
		return nil, fmt.Errorf("%s was changed: by what it says its chain is %s, not %s", path, name, document.ChainID)
	}
	return document, nil
}
