package node

import (
	"context"
	"errors"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cometbft/cometbft/crypto"
	"github.com/cometbft/cometbft/crypto/ed25519"
	cmtlog "github.com/cometbft/cometbft/libs/log"
	"github.com/cometbft/cometbft/privval"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	cmttypes "github.com/cometbft/cometbft/types"
)

const signedChain = "medseal-chain"

// stage is a node's end of a remote signer; it hears the states.
type stage struct {
	*remoteSigner
	address string
	states  chan SignerState
}

func openStage(t *testing.T, key ed25519.PubKey, address string) *stage {
	t.Helper()
	states := make(chan SignerState, 100)
	remote, err := openRemoteSigner(address, signedChain, ed25519.GenPrivKey(), key, func(state SignerState) { states <- state })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := remote.close(); err != nil {
			t.Error(err)
		}
	})
	return &stage{remote, address, states}
}

// until waits for a state; the test's own time bounds it.
func (s *stage) until(wanted SignerState) {
	for state := range s.states {
		if state == wanted {
			return
		}
	}
}

// startSigner starts CometBFT's own signer for a key.
func startSigner(t *testing.T, address, chain string, key cmttypes.PrivValidator) *privval.SignerServer {
	t.Helper()
	dial := privval.DialTCPFn(address, 5*time.Second, ed25519.GenPrivKey())
	if path, ok := strings.CutPrefix(address, "unix://"); ok {
		dial = privval.DialUnixFn(path)
	}
	endpoint := privval.NewSignerDialerEndpoint(cmtlog.NewNopLogger(), dial,
		privval.SignerDialerEndpointConnRetries(1_000_000), privval.SignerDialerEndpointRetryWaitInterval(20*time.Millisecond))
	server := privval.NewSignerServer(endpoint, chain, key)
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Stop() })
	return server
}

func fileSigner(t *testing.T) *privval.FilePV {
	home := t.TempDir()
	return privval.GenFilePV(filepath.Join(home, "key.json"), filepath.Join(home, "state.json"))
}

func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return "tcp://" + listener.Addr().String()
}

func prevote(height int64) *cmtproto.Vote {
	return &cmtproto.Vote{Type: cmtproto.PrevoteType, Height: height, Timestamp: time.Unix(1_800_000_000, 0)}
}

func publicKey(key *privval.FilePV) ed25519.PubKey { return key.Key.PubKey.(ed25519.PubKey) }

func TestARemoteSignerSignsAndComesBackAfterItWasAway(t *testing.T) {
	for _, address := range []string{freeAddress(t), "unix://" + filepath.Join(t.TempDir(), "signer.sock")} {
		key := fileSigner(t)
		stage := openStage(t, publicKey(key), address)
		if err := stage.SignVote(signedChain, prevote(1)); err == nil {
			t.Error("something was signed without a signer")
		}
		first := startSigner(t, address, signedChain, key)
		stage.until(SignerConnected)
		vote := prevote(2)
		if err := stage.SignVote(signedChain, vote); err != nil {
			t.Fatal(err)
		}
		if !key.Key.PubKey.VerifySignature(cmttypes.VoteSignBytes(signedChain, vote), vote.Signature) {
			t.Error("the vote is not signed with its key")
		}
		proposal := &cmtproto.Proposal{Type: cmtproto.ProposalType, Height: 3, Timestamp: vote.Timestamp}
		if err := stage.SignProposal(signedChain, proposal); err != nil {
			t.Error(err)
		}
		if err := first.Stop(); err != nil {
			t.Fatal(err)
		}
		stage.until(SignerAbsent)
		if err := stage.SignVote(signedChain, prevote(4)); err == nil {
			t.Error("something was signed after the signer ended")
		}
		startSigner(t, address, signedChain, key)
		stage.until(SignerConnected)
		if err := stage.SignVote(signedChain, prevote(5)); err != nil {
			t.Error(err)
		}
	}
}

// @actor who administers a node | to have a remote signer sign two votes of one height, or one of before
func TestARemoteSignerKeepsItselfFromSigningTwice(t *testing.T) {
	key := fileSigner(t)
	stage := openStage(t, publicKey(key), freeAddress(t))
	startSigner(t, stage.address, signedChain, key)
	stage.until(SignerConnected)
	if err := stage.SignVote(signedChain, prevote(7)); err != nil {
		t.Fatal(err)
	}
	other := prevote(7)
	other.BlockID = cmtproto.BlockID{Hash: make([]byte, 32), PartSetHeader: cmtproto.PartSetHeader{Total: 1, Hash: make([]byte, 32)}}
	for _, vote := range []*cmtproto.Vote{other, prevote(6)} {
		var refusal *privval.RemoteSignerError
		if err := stage.SignVote(signedChain, vote); !errors.As(err, &refusal) {
			t.Errorf("block %d: %v", vote.Height, err)
		}
	}
	if stage.lacks(7) {
		t.Error("a refusal counts as a vote that the signer can make by now")
	}
}

// liar claims to have a key.
type liar struct {
	cmttypes.PrivValidator
	key crypto.PubKey
}

func (l liar) GetPubKey() (crypto.PubKey, error) { return l.key, nil }

// @actor who reaches the address that a remote signer connects to | to sign in its place
func TestAnotherSignerThanTheValidatorsIsTurnedAway(t *testing.T) {
	key := fileSigner(t)
	for name, signer := range map[string]struct {
		chain string
		key   cmttypes.PrivValidator
	}{
		"another key":   {signedChain, fileSigner(t)},
		"another chain": {"medseal-other", key},
	} {
		t.Run(name, func(t *testing.T) {
			stage := openStage(t, publicKey(key), freeAddress(t))
			server := startSigner(t, stage.address, signer.chain, signer.key)
			stage.until(SignerOther)
			if err := stage.SignVote(signedChain, prevote(1)); err == nil {
				t.Error("it signed")
			}
			if err := server.Stop(); err != nil {
				t.Fatal(err)
			}
			startSigner(t, stage.address, signedChain, key)
			stage.until(SignerConnected)
		})
	}
}

// @actor who reaches the address that a remote signer connects to | to pass for it by the validator's public key
func TestASignatureOfAnotherKeyIsNotTaken(t *testing.T) {
	key := fileSigner(t)
	stage := openStage(t, publicKey(key), freeAddress(t))
	startSigner(t, stage.address, signedChain, liar{fileSigner(t), key.Key.PubKey})
	stage.until(SignerConnected)
	if err := stage.SignVote(signedChain, prevote(1)); err == nil {
		t.Error("it signed")
	}
	stage.until(SignerOther)
}

func TestTheLedgerIsNotLeftWaitingForAVoteThatASignerMissed(t *testing.T) {
	key := fileSigner(t)
	stage := openStage(t, publicKey(key), freeAddress(t))
	if stage.SignVote(signedChain, prevote(9)) == nil {
		t.Fatal("it signed")
	}
	if stage.lacks(9) {
		t.Error("the vote could be made though no signer is there")
	}
	startSigner(t, stage.address, signedChain, key)
	stage.until(SignerConnected)
	if !stage.lacks(9) || stage.lacks(10) {
		t.Error("it does not know which vote is missing")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := stage.requireVotes(ctx, 0, func() int64 { return 9 }); err != nil {
		t.Error(err)
	}
	if err := stage.requireVotes(t.Context(), 0, func() int64 { return 8 }); err == nil {
		t.Error("a ledger that stands still at the missed vote is left so")
	}
}

func TestASocketThatAKilledNodeLeftIsTakenOver(t *testing.T) {
	path := filepath.Join(t.TempDir(), "signer.sock")
	left, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := listenForSigner("unix://"+path, nil); err == nil {
		t.Error("it took over a socket that somebody listens at")
	}
	left.SetUnlinkOnClose(false)
	if err := left.Close(); err != nil {
		t.Fatal(err)
	}
	listener, err := listenForSigner("unix://"+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := listener.Close(); err != nil {
		t.Error(err)
	}
}

func TestAKeyIsEitherHandedOverOrAtARemoteSigner(t *testing.T) {
	remote := &Settings{PrivValidatorLaddr: "tcp://127.0.0.1:1", SignerKey: "0x" + strings.Repeat("5a", 32)}
	withKey, err := ReadKeys(strings.NewReader(handedOver))
	if err != nil {
		t.Fatal(err)
	}
	without, err := ReadKeys(strings.NewReader(`{"node":"0x` + nodeSeed + `"}`))
	if err != nil {
		t.Fatal(err)
	}
	if withKey.requireOne(&Settings{}) != nil || without.requireOne(remote) != nil {
		t.Error("one key is refused")
	}
	if withKey.requireOne(remote) == nil || without.requireOne(&Settings{}) == nil {
		t.Error("two keys or none are taken")
	}
}
