// Package founding makes the first state of a consortium's ledger from the terms that its organisations agreed on, and
// the name that binds this state.
package founding

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
)

// Terms are what the organisations agreed on. From the same terms everybody makes the same first state.
type Terms struct {
	// NetworkID are 32 bytes that no other network has, 0x and 64 hex digits.
	NetworkID common.Hash `json:"networkId"`
	// ChainID of Ethereum's transactions (EIP-155).
	ChainID uint64 `json:"chainId"`
	// Time at which the ledger begins, Unix seconds.
	Time int64 `json:"time"`
	// Registry is the address of the contract that says who may send.
	Registry common.Address `json:"registry"`
	// Validators is the address of the contract that gives out stake.
	Validators common.Address `json:"validators"`
	// Senders are the founders' accounts; each may send until the Registry knows it.
	Senders []common.Address `json:"senders"`
	// Creations are keccak256 of the data of the first sender's first transactions, which create the contracts: with
	// these nonces it may send nothing else.
	Creations []common.Hash `json:"creations"`
	// Codes are what creates contracts, without the values that they begin with: no account creates any other. Whoever
	// could run code of its own would fill blocks with what nobody asked for, and every node reads all of it.
	Codes Codes `json:"codes"`
	// Stakes that the validators begin with.
	Stakes []Stake `json:"stakes"`
}

// Code is the beginning of the data of a transaction that creates a contract.
type Code struct {
	// Length in bytes.
	Length int `json:"length"`
	// Hash is keccak256 of these bytes.
	Hash common.Hash `json:"hash"`
}

// Codes are what creates contracts.
type Codes []Code

// Create tells whether data begins with one of the codes.
func (c Codes) Create(data []byte) bool {
	for _, code := range c {
		if len(data) >= code.Length && crypto.Keccak256Hash(data[:code.Length]) == code.Hash {
			return true
		}
	}
	return false
}

// Stake is what one organisation's validator begins with.
type Stake struct {
	Organisation string `json:"organisation"`
	// Key is an Ed25519 public key, 0x and 64 hex digits.
	Key common.Hash `json:"key"`
	// Stake is the validator's share of power, at least 1.
	Stake uint64 `json:"stake"`
}

// MaxStake is the most stake that a validator can have: the sum of all stays far below what the consensus can count.
const MaxStake = 1_000_000_000

// MaxValidators is the most validators that a network can begin with.
const MaxValidators = 100

var organisationName = regexp.MustCompile(`^[a-z0-9-]{1,31}$`)

// Check says what is wrong with the terms, or nil.
func (t *Terms) Check() error {
	if t.NetworkID == (common.Hash{}) {
		return errors.New("networkId is missing")
	}
	if t.ChainID == 0 || t.ChainID > 1<<53-1 {
		return errors.New("chainId is missing or too large")
	}
	if t.Time <= 0 {
		return errors.New("time is missing")
	}
	if len(t.Senders) == 0 {
		return errors.New("senders are missing")
	}
	if len(t.Stakes) == 0 || len(t.Stakes) > MaxValidators {
		return fmt.Errorf("%d validators; it must be 1 to %d", len(t.Stakes), MaxValidators)
	}
	for _, code := range t.Codes {
		// An empty code would be the beginning of each.
		if code.Length < 1 {
			return errors.New("a code has no bytes")
		}
	}
	keys, names := map[common.Hash]bool{}, map[string]bool{}
	for _, stake := range t.Stakes {
		switch {
		case !organisationName.MatchString(stake.Organisation):
			return fmt.Errorf("organisation %q is not a name", stake.Organisation)
		case stake.Stake == 0 || stake.Stake > MaxStake:
			return fmt.Errorf("the stake of %s must be 1 to %d", stake.Organisation, MaxStake)
		case keys[stake.Key] || stake.Key == (common.Hash{}):
			return fmt.Errorf("the key of %s is missing or another's", stake.Organisation)
		case names[stake.Organisation]:
			return fmt.Errorf("%s has two validators", stake.Organisation)
		}
		if err := CheckKey(stake.Key); err != nil {
			return fmt.Errorf("%s: %w", stake.Organisation, err)
		}
		keys[stake.Key], names[stake.Organisation] = true, true
	}
	return nil
}

// ParseTerms reads terms from JSON, and refuses what it does not know.
func ParseTerms(text []byte) (*Terms, error) {
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.DisallowUnknownFields()
	terms := new(Terms)
	if err := decoder.Decode(terms); err != nil {
		return nil, fmt.Errorf("the terms are not as they should be: %w", err)
	}
	if decoder.More() {
		return nil, errors.New("more than one object of terms")
	}
	return terms, terms.Check()
}

// ReadTerms reads terms from a file.
func ReadTerms(path string) (*Terms, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return ParseTerms(text)
}

// Began is the time at which the ledger begins.
func (t *Terms) Began() time.Time { return time.Unix(t.Time, 0).UTC() }

// nameOf makes the name of a chain from a digest of its first state.
func nameOf(digest [32]byte) string { return "medseal-" + hex.EncodeToString(digest[:16]) }
