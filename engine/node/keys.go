package node

import (
	stded25519 "crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/cometbft/cometbft/crypto/ed25519"
	cmtjson "github.com/cometbft/cometbft/libs/json"
	"github.com/cometbft/cometbft/p2p"
	"github.com/cometbft/cometbft/privval"
)

// Keys are the secrets of a node. Whoever starts it hands them over: no file of the engine's has them. There is no key of the
// validator if a remote signer has it.
type Keys struct {
	validator, node ed25519.PrivKey
}

// longestKeys is how many bytes keys may have that are handed over.
const longestKeys = 1024

// ReadKeys reads a node's keys: JSON with the seeds of two Ed25519 keys, each 0x and 64 hex digits. The validator signs
// blocks with the first, which is absent if a remote signer has it; the second names the node among its peers.
func ReadKeys(from io.Reader) (*Keys, error) {
	var seeds struct {
		Validator string `json:"validator"`
		Node      string `json:"node"`
	}
	// What was handed over is in no error.
	if json.NewDecoder(io.LimitReader(from, longestKeys)).Decode(&seeds) != nil {
		return nil, errors.New("standard input must begin with the node's keys, as JSON")
	}
	var validator ed25519.PrivKey
	if seeds.Validator != "" {
		var err error
		if validator, err = keyOf("validator", seeds.Validator); err != nil {
			return nil, err
		}
	}
	node, err := keyOf("node", seeds.Node)
	if err != nil {
		return nil, err
	}
	return &Keys{validator, node}, nil
}

func keyOf(name, text string) (ed25519.PrivKey, error) {
	seed, err := hex.DecodeString(strings.TrimPrefix(text, "0x"))
	if err != nil || len(seed) != stded25519.SeedSize || !strings.HasPrefix(text, "0x") {
		return nil, fmt.Errorf("the key %s on standard input must be 0x and 64 hex digits", name)
	}
	return ed25519.PrivKey(stded25519.NewKeyFromSeed(seed)), nil
}

// peer is the key of the node among its peers.
func (k *Keys) peer() *p2p.NodeKey { return &p2p.NodeKey{PrivKey: k.node} }

// requireOne refuses keys that do not fit the settings: a validator's key that a remote signer has too would sign twice.
func (k *Keys) requireOne(settings *Settings) error {
	switch {
	case settings.PrivValidatorLaddr == "" && k.validator == nil:
		return errors.New("the validator’s key is missing: it is neither on standard input nor at a remote signer")
	case settings.PrivValidatorLaddr != "" && k.validator != nil:
		return errors.New("the settings name a remote signer, and the validator’s key is on standard input too")
	}
	return nil
}

// signer signs with the validator's key. It reads what that signed last: without it, it might sign something twice.
func (k *Keys) signer(home string) (*privval.FilePV, error) {
	written, err := os.ReadFile(stateFile(home))
	if err != nil {
		return nil, fmt.Errorf("what the validator signed last is missing: %w", err)
	}
	// It writes what it signed last, and never its key.
	signer := privval.NewFilePV(k.validator, "", stateFile(home))
	if err := cmtjson.Unmarshal(written, &signer.LastSignState); err != nil {
		return nil, fmt.Errorf("%s: %w", stateFile(home), err)
	}
	return signer, nil
}

// Files of a node's folder.
func stateFile(home string) string   { return filepath.Join(home, "data", "last-signed.json") }
func genesisFile(home string) string { return filepath.Join(home, "config", "genesis.json") }
func dataFolder(home string) string  { return filepath.Join(home, "data") }
