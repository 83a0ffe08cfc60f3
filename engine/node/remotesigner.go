package node

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/cometbft/cometbft/crypto"
	"github.com/cometbft/cometbft/crypto/ed25519"
	cmtlog "github.com/cometbft/cometbft/libs/log"
	"github.com/cometbft/cometbft/privval"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	cmttypes "github.com/cometbft/cometbft/types"
)

const (
	// signerPatience is how long a remote signer may take for an answer: the consensus stands still meanwhile. It is also how
	// long one that connects may take to prove its key, and one after the other connects. CometBFT's signer gives up after
	// five seconds and leaves that connection open: with as much patience here, the next one would wait behind it for ever.
	signerPatience = 3 * time.Second
	// signerEvery is how often a remote signer is asked for its key, which tells that it is there.
	signerEvery = time.Second
	// missedPatience is how long a block may lack this validator's vote once its signer is back.
	missedPatience = 10 * time.Second
	// firstPatience is how long a start waits for the signer: votes of before are repeated then, and need it.
	firstPatience = 3 * time.Second
)

// SignerState says how a remote signer is.
type SignerState string

// How a remote signer is.
const (
	// SignerAbsent is one that is not connected.
	SignerAbsent SignerState = "absent"
	// SignerOther is one that has another key, or does not sign for this chain.
	SignerOther SignerState = "other"
	// SignerConnected is one that has the validator's key.
	SignerConnected SignerState = "connected"
)

// remoteSigner has a program elsewhere sign for the validator, by CometBFT's protocol for that. The program connects, has
// the key, and keeps what it signed last: it alone can tell what would be signed twice.
//
// The validator's key is known beforehand. So the node follows the ledger while no signer is connected, and takes no
// signature of another program that connects.
type remoteSigner struct {
	key    ed25519.PubKey
	client *privval.SignerClient
	told   func(SignerState)
	// ready is closed once the signer is connected for the first time.
	ready chan struct{}
	close func() error

	mutex  sync.Mutex
	state  SignerState
	missed int64
}

// openRemoteSigner listens for the signer of a chain until it is closed. The node proves to have its own key to one that
// connects over TCP. Told hears each change of the signer's state.
func openRemoteSigner(
	address, chain string, own ed25519.PrivKey, key ed25519.PubKey, told func(SignerState),
) (*remoteSigner, error) {
	listener, err := listenForSigner(address, own)
	if err != nil {
		return nil, fmt.Errorf("listening for the remote signer: %w", err)
	}
	// Its log has an error for every three seconds without a signer.
	endpoint := privval.NewSignerListenerEndpoint(
		cmtlog.NewNopLogger(), listener, privval.SignerListenerEndpointTimeoutReadWrite(signerPatience))
	client, err := privval.NewSignerClient(endpoint, chain)
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	signer := &remoteSigner{key: key, client: client, told: told, ready: make(chan struct{})}
	signer.close = func() error {
		cancel()
		err := endpoint.Stop()
		<-ended
		return err
	}
	go func() {
		signer.follow(ctx)
		close(ended)
	}()
	return signer, nil
}

func listenForSigner(address string, own ed25519.PrivKey) (net.Listener, error) {
	network, place, _ := strings.Cut(address, "://")
	if network == "unix" {
		// A node that was killed leaves its socket behind.
		if told, err := os.Stat(place); err == nil && told.Mode()&os.ModeSocket != 0 {
			if connection, err := net.Dial(network, place); err == nil {
				return nil, errors.Join(fmt.Errorf("%s has a listener", place), connection.Close())
			}
			if err := os.Remove(place); err != nil {
				return nil, err
			}
		}
	}
	listener, err := net.Listen(network, place)
	if err != nil {
		return nil, err
	}
	if network == "unix" {
		socket := privval.NewUnixListener(listener)
		privval.UnixListenerTimeoutReadWrite(signerPatience)(socket)
		return socket, nil
	}
	tcp := privval.NewTCPListener(listener, own)
	privval.TCPListenerTimeoutReadWrite(signerPatience)(tcp)
	return tcp, nil
}

// follow takes the signer's connections, and asks whether it has the key, until the context ends.
func (s *remoteSigner) follow(ctx context.Context) {
	for ctx.Err() == nil {
		s.look()
		select {
		case <-ctx.Done():
		case <-time.After(signerEvery):
		}
	}
}

// wait waits for the signer's first connection, and not for long.
func (s *remoteSigner) wait(ctx context.Context) {
	late := time.NewTimer(firstPatience)
	defer late.Stop()
	select {
	case <-ctx.Done():
	case <-s.ready:
	case <-late.C:
	}
}

// look learns how the signer is.
func (s *remoteSigner) look() {
	if !s.client.IsConnected() && s.client.WaitForConnection(signerEvery) != nil {
		s.is(SignerAbsent)
		return
	}
	key, err := s.client.GetPubKey()
	var refusal *privval.RemoteSignerError
	switch {
	case err == nil && s.key.Equals(key):
		s.is(SignerConnected)
	case err == nil || errors.As(err, &refusal):
		s.is(SignerOther)
		s.drop()
	default:
		s.is(SignerAbsent)
		s.drop()
	}
}

// drop ends the connection, so that another signer can connect.
func (s *remoteSigner) drop() { _ = s.client.Close() }

// is notes the signer's state.
func (s *remoteSigner) is(state SignerState) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.state == state {
		return
	}
	s.state = state
	select {
	case <-s.ready:
	default:
		if state == SignerConnected {
			close(s.ready)
		}
	}
	s.told(state)
}

// sign has the connected signer sign something of a block.
func (s *remoteSigner) sign(height int64, ask func() error, isSigned func() bool) error {
	s.mutex.Lock()
	state := s.state
	s.mutex.Unlock()
	if state != SignerConnected {
		s.miss(height)
		return errors.New("the remote signer is not connected")
	}
	var refusal *privval.RemoteSignerError
	err := ask()
	if errors.As(err, &refusal) {
		return err
	}
	if err == nil && !isSigned() {
		s.is(SignerOther)
		err = errors.New("the remote signer’s answer is not signed with the validator’s key")
	} else if err != nil {
		s.is(SignerAbsent)
	}
	if err != nil {
		s.miss(height)
		s.drop()
	}
	return err
}

// miss notes that a block lacks a signature.
func (s *remoteSigner) miss(height int64) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.missed = max(s.missed, height)
}

// lacks tells whether a block lacks a signature that its signer, which is connected, can make by now.
func (s *remoteSigner) lacks(height int64) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.state == SignerConnected && s.missed >= height
}

// requireVotes fails if the ledger stands still at a block that lacks this validator's vote since before its signer came
// back. The consensus asks for each vote once; it asks again after a new start.
func (s *remoteSigner) requireVotes(ctx context.Context, patience time.Duration, newest func() int64) error {
	ticker := time.NewTicker(signerEvery)
	defer ticker.Stop()
	var since time.Time
	for {
		if !s.lacks(newest() + 1) {
			since = time.Time{}
		} else if since.IsZero() {
			since = time.Now()
		} else if time.Since(since) >= patience {
			return errors.New("the ledger waits for a vote that the remote signer could not sign before: starting again")
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

// GetPubKey is the validator's public key, whether or not its signer is connected.
func (s *remoteSigner) GetPubKey() (crypto.PubKey, error) { return s.key, nil }

// SignVote has the signer sign a vote.
func (s *remoteSigner) SignVote(chain string, vote *cmtproto.Vote) error {
	return s.sign(vote.Height, func() error { return s.client.SignVote(chain, vote) }, func() bool {
		return s.key.VerifySignature(cmttypes.VoteSignBytes(chain, vote), vote.Signature)
	})
}

// SignProposal has the signer sign a proposal.
func (s *remoteSigner) SignProposal(chain string, proposal *cmtproto.Proposal) error {
	return s.sign(proposal.Height, func() error { return s.client.SignProposal(chain, proposal) }, func() bool {
		return s.key.VerifySignature(cmttypes.ProposalSignBytes(chain, proposal), proposal.Signature)
	})
}
