// Package node runs one validator, or a follower without a vote: the consensus, the state machine and the JSON-RPC server
// in one process, on one folder.
package node

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/cometbft/cometbft/crypto/ed25519"
	"github.com/ethereum/go-ethereum/common"

	"medseal.example/engine/founding"
)

// Settings of a node, as settings.json of its folder has them.
type Settings struct {
	// Listen is where the other validators connect: host:port.
	Listen string `json:"listen"`
	// Rpc is where this organisation's own programs read and send transactions (JSON-RPC): host:port.
	Rpc string `json:"rpc"`
	// Blocks is where blocks, commits and proofs are read (CometBFT RPC): host:port.
	Blocks string `json:"blocks"`
	// Metrics is where Prometheus reads: host:port; empty for nowhere.
	Metrics string `json:"metrics,omitempty"`
	// Peers are the nodes of the other organisations, and no other node can connect: id@host:port, or the id alone of one
	// that connects by itself. They are read again while the node runs, and nothing else is.
	Peers []string `json:"peers"`
	// BlockTime is how long a block waits for more transactions, in milliseconds; 300 unless given.
	BlockTime int `json:"blockTime,omitempty"`
	// IdleBlockTime is how long a block waits for its first transaction, in milliseconds; 10,000 unless given.
	IdleBlockTime int `json:"idleBlockTime,omitempty"`
	// KeepBlocks is how many blocks and states are kept, and those of the last 22 days in any case; all if it is 0.
	KeepBlocks uint64 `json:"keepBlocks,omitempty"`
	// SnapshotEvery is after how many blocks a snapshot is made for nodes that join late; never if it is 0.
	SnapshotEvery uint64 `json:"snapshotEvery,omitempty"`
	// SnapshotSources answer CometBFT's RPC at two URLs or more: a node without blocks gets a snapshot of the state from its
	// peers, and verifies it by what these say. It fetches all blocks if there are none.
	SnapshotSources []string `json:"snapshotSources,omitempty"`
	// SnapshotBlock is a block of the last two weeks that the operator trusts, as height:hash.
	SnapshotBlock string `json:"snapshotBlock,omitempty"`
	// PrivValidatorLaddr is where a remote signer connects that has the validator's key: tcp://host:port or unix:///path. It is
	// empty if the key is handed over.
	PrivValidatorLaddr string `json:"privValidatorLaddr,omitempty"`
	// SignerKey is the remote signer's Ed25519 public key: 0x and 64 hex digits.
	SignerKey string `json:"signerKey,omitempty"`
}

var (
	signerAddress  = regexp.MustCompile(`^(tcp://[0-9A-Za-z:.\[\]-]{1,253}:[0-9]{1,5}|unix:///[^\s]{1,100})$`)
	signerKey      = regexp.MustCompile(`^0x[0-9a-f]{64}$`)
	snapshotSource = regexp.MustCompile(`^https?://[^\s,]{1,500}$`)
	snapshotBlock  = regexp.MustCompile(`^[1-9][0-9]{0,17}:[0-9A-Fa-f]{64}$`)
)

// mostKept is the greatest number of blocks to keep: a block every millisecond for thirty years.
const mostKept = 1_000_000_000_000

var peerAddress = regexp.MustCompile(`^[0-9a-f]{40}(@[^\s,@]+:[0-9]{1,5})?$`)

// ReadSettings reads the settings of a folder.
func ReadSettings(home string) (*Settings, error) {
	path := filepath.Join(home, "settings.json")
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	settings := new(Settings)
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(settings); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if err := settings.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return settings, nil
}

func (s *Settings) check() error {
	for name, address := range map[string]string{"listen": s.Listen, "rpc": s.Rpc, "blocks": s.Blocks} {
		if _, _, err := net.SplitHostPort(address); err != nil {
			return fmt.Errorf("%s is not host:port", name)
		}
	}
	for _, peer := range s.Peers {
		if !peerAddress.MatchString(peer) {
			return fmt.Errorf("peer %q is neither id@host:port nor an id", peer)
		}
	}
	if s.BlockTime < 0 || s.BlockTime > 60_000 {
		return errors.New("blockTime must be 0 to 60,000 ms")
	}
	if s.IdleBlockTime < 0 || s.IdleBlockTime > 60_000 {
		return errors.New("idleBlockTime must be 0 to 60,000 ms")
	}
	for _, source := range s.SnapshotSources {
		if !snapshotSource.MatchString(source) {
			return fmt.Errorf("snapshotSources: %q is not a URL", source)
		}
	}
	switch {
	case s.PrivValidatorLaddr != "" && !signerAddress.MatchString(s.PrivValidatorLaddr):
		return errors.New("privValidatorLaddr must be tcp://host:port or unix:///path")
	case s.PrivValidatorLaddr != "" && !signerKey.MatchString(s.SignerKey):
		return errors.New("signerKey must be the remote signer’s public key: 0x and 64 hex digits")
	case s.PrivValidatorLaddr == "" && s.SignerKey != "":
		return errors.New("signerKey is given, and privValidatorLaddr is not")
	case len(s.SnapshotSources) == 1:
		return errors.New("snapshotSources must be two URLs at least: one alone could lie unseen")
	case len(s.SnapshotSources) > 1 && !snapshotBlock.MatchString(s.SnapshotBlock):
		return errors.New("snapshotBlock must be height:hash of a block that you trust")
	}
	if s.KeepBlocks > 0 && s.KeepBlocks < founding.EvidenceBlocks || s.KeepBlocks > mostKept {
		return fmt.Errorf("keepBlocks must be 0 or %d to %d", founding.EvidenceBlocks, mostKept)
	}
	if s.Metrics != "" {
		if _, _, err := net.SplitHostPort(s.Metrics); err != nil {
			return errors.New("metrics is not host:port")
		}
	}
	return nil
}

func (s *Settings) blockTime() time.Duration {
	if s.BlockTime == 0 {
		return 300 * time.Millisecond
	}
	return time.Duration(s.BlockTime) * time.Millisecond
}

func (s *Settings) idleBlockTime() time.Duration {
	if s.IdleBlockTime == 0 {
		return 10 * time.Second
	}
	return time.Duration(s.IdleBlockTime) * time.Millisecond
}

// remoteKey is the public key of the remote signer.
func (s *Settings) remoteKey() (ed25519.PubKey, error) {
	bytes := common.FromHex(s.SignerKey)
	return bytes, founding.CheckKey([32]byte(bytes))
}
