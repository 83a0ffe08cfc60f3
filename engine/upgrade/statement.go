package upgrade

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"

	"github.com/cosmos/cosmos-sdk/crypto/keys/ed25519"
)

const (
	// mostStatement is the most bytes of a statement.
	mostStatement = mostText + 512
	// signatureSize is the size of a signature.
	signatureSize = 64
	// purpose begins what a statement's signature is over. No vote or proposal begins like it: after its length, each of
	// those has the byte 8.
	purpose = "medseal engine upgrade\n"
)

// Statement says that a validator's node holds the program of an upgrade. The validator signs it with the key of its blocks, so
// whose account brings it to the ledger does not matter.
type Statement struct {
	// Key that the validator signs blocks with: an Ed25519 public key.
	Key common.Hash `json:"key"`
	// Block is the newest one when it was signed: an older statement never takes the place of a newer one.
	Block int64 `json:"block"`
	// Plan that is stated.
	Plan Plan `json:"plan"`
	// Signature by the key.
	Signature hexutil.Bytes `json:"signature"`
}

// Text is the one form of a statement.
func (s *Statement) Text() []byte {
	text, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return text
}

// Message is what a validator of a chain signs.
func (s *Statement) Message(chain string) []byte {
	return fmt.Appendf(nil, "%s%s\n%d\n%s", purpose, chain, s.Block, s.Plan.Text())
}

// IsSigned tells whether the validator with the key signed it for a chain.
func (s *Statement) IsSigned(chain string) bool {
	return (&ed25519.PubKey{Key: s.Key[:]}).VerifySignature(s.Message(chain), s.Signature)
}

// ReadStatement reads a statement from its text, and takes no other form of it. The signature is not verified.
func ReadStatement(text []byte) (*Statement, error) {
	if len(text) > mostStatement {
		return nil, fmt.Errorf("it has over %d bytes", mostStatement)
	}
	var parts struct {
		Key       common.Hash     `json:"key"`
		Block     int64           `json:"block"`
		Plan      json.RawMessage `json:"plan"`
		Signature hexutil.Bytes   `json:"signature"`
	}
	if err := json.Unmarshal(text, &parts); err != nil {
		return nil, errors.New("it is not JSON of key, block, plan and signature")
	}
	plan, err := Parse(parts.Plan)
	if err != nil {
		return nil, fmt.Errorf("of its plan: %w", err)
	}
	if parts.Block < 1 || parts.Block >= plan.Height {
		return nil, errors.New("it was not signed at a block before that of the plan")
	}
	if len(parts.Signature) != signatureSize {
		return nil, fmt.Errorf("its signature must have %d bytes", signatureSize)
	}
	statement := &Statement{Key: parts.Key, Block: parts.Block, Plan: *plan, Signature: parts.Signature}
	if !bytes.Equal(statement.Text(), text) {
		return nil, errors.New("it is not in its one form")
	}
	return statement, nil
}
