package node

import (
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"

	"github.com/cometbft/cometbft/p2p"
	"github.com/cometbft/cometbft/privval"
)

// Identity is the public part of a node's keys.
type Identity struct {
	// Key that the validator signs blocks with: an Ed25519 public key, 0x and 64 hex digits.
	Key string `json:"key"`
	// ID of the node among its peers: 40 hex digits.
	ID string `json:"id"`
}

// Files of a node's folder.
func keyFile(home string) string     { return filepath.Join(home, "validator-key.json") }
func stateFile(home string) string   { return filepath.Join(home, "data", "last-signed.json") }
func nodeKeyFile(home string) string { return filepath.Join(home, "node-key.json") }
func genesisFile(home string) string { return filepath.Join(home, "config", "genesis.json") }
func dataFolder(home string) string  { return filepath.Join(home, "data") }
func exists(path string) bool        { _, err := os.Stat(path); return err == nil }

// MakeKeys makes the keys of a node, or reads those that are there. It never replaces a key.
func MakeKeys(home string) (*Identity, error) {
	for _, folder := range []string{dataFolder(home), filepath.Dir(genesisFile(home))} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return nil, err
		}
	}
	if !exists(keyFile(home)) {
		if exists(stateFile(home)) {
			return nil, fmt.Errorf("%s is missing, but the validator signed before: put the key back", keyFile(home))
		}
		privval.GenFilePV(keyFile(home), stateFile(home)).Save()
	}
	nodeKey, err := p2p.LoadOrGenNodeKey(nodeKeyFile(home))
	if err != nil {
		return nil, err
	}
	signer, err := readSigner(home)
	if err != nil {
		return nil, err
	}
	key, err := signer.GetPubKey()
	if err != nil {
		return nil, err
	}
	return &Identity{Key: "0x" + hex.EncodeToString(key.Bytes()), ID: string(nodeKey.ID())}, nil
}

// readSigner reads the validator's key and what it signed last. Without the latter it might sign something twice.
func readSigner(home string) (*privval.FilePV, error) {
	for _, path := range []string{keyFile(home), stateFile(home)} {
		if !exists(path) {
			return nil, fmt.Errorf("%s is missing", path)
		}
	}
	return privval.LoadFilePV(keyFile(home), stateFile(home)), nil
}
