// Command testsigner is a remote signer for tests: CometBFT's own, with a key in a file. It is in no release.
package main

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/common/hexutil"

	"github.com/cometbft/cometbft/crypto/ed25519"
	"github.com/cometbft/cometbft/libs/log"
	"github.com/cometbft/cometbft/privval"
	privvalproto "github.com/cometbft/cometbft/proto/tendermint/privval"
	cmttypes "github.com/cometbft/cometbft/types"
)

const usage = `testsigner FOLDER                 shows the public key of a folder, which it makes the first time
testsigner FOLDER ADDRESS CHAIN   signs for a chain at tcp://host:port or unix:///path, and says each signed height`

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "testsigner:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 1 && len(args) != 3 {
		return fmt.Errorf("usage:\n%s", usage)
	}
	if err := os.MkdirAll(args[0], 0o700); err != nil {
		return err
	}
	key := privval.LoadOrGenFilePV(filepath.Join(args[0], "key.json"), filepath.Join(args[0], "state.json"))
	said := json.NewEncoder(os.Stdout)
	if err := said.Encode(map[string]hexutil.Bytes{"key": key.Key.PubKey.Bytes()}); err != nil {
		return err
	}
	if len(args) == 1 {
		return nil
	}
	endpoint := privval.NewSignerDialerEndpoint(log.NewNopLogger(), dialer(args[1]),
		privval.SignerDialerEndpointConnRetries(1_000_000), privval.SignerDialerEndpointRetryWaitInterval(50*time.Millisecond))
	server := privval.NewSignerServer(endpoint, args[2], key)
	server.SetRequestHandler(func(signer cmttypes.PrivValidator, asked privvalproto.Message, chain string) (privvalproto.Message, error) {
		answer, err := privval.DefaultValidationRequestHandler(signer, asked, chain)
		if vote := answer.GetSignedVoteResponse(); vote != nil && vote.Error == nil {
			_ = said.Encode(map[string]int64{"signed": vote.Vote.Height})
		}
		return answer, err
	})
	if err := server.Start(); err != nil {
		return err
	}
	<-server.Quit()
	return nil
}

func dialer(address string) privval.SocketDialer {
	dial := privval.DialTCPFn(address, 5*time.Second, ed25519.GenPrivKey())
	if path, ok := strings.CutPrefix(address, "unix://"); ok {
		dial = privval.DialUnixFn(path)
	}
	return func() (net.Conn, error) {
		connection, err := dial()
		return dropped{connection}, err
	}
}

// dropped is a connection whose end is a timeout: CometBFT’s signer connects again after a timeout alone, and reads on at an end.
type dropped struct{ net.Conn }

func (d dropped) Read(into []byte) (int, error) {
	count, err := d.Conn.Read(into)
	if err == nil {
		return count, nil
	}
	return count, ended{err}
}

type ended struct{ error }

func (ended) Timeout() bool { return true }
