package node

import (
	"bytes"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
)

var (
	validatorSeed = strings.Repeat("5a", 32)
	nodeSeed      = strings.Repeat("a5", 32)
	handedOver    = `{"validator":"0x` + validatorSeed + `","node":"0x` + nodeSeed + `"}` + "\n"
)

func TestKeysOfAnotherFormAreRefusedAndNotShown(t *testing.T) {
	for _, text := range []string{
		"", "{}", "null", "[]", handedOver[:40],
		strings.Replace(handedOver, "0x5a", "5a", 1),
		strings.Replace(handedOver, "0x5a", "0x", 1),
		strings.Replace(handedOver, "0xa5", "0xzz", 1),
		strings.Repeat(" ", longestKeys) + handedOver,
	} {
		keys, err := ReadKeys(strings.NewReader(text))
		if err == nil {
			t.Errorf("%q was taken: %v", text, keys)
		} else if strings.Contains(err.Error(), "a5a5") {
			t.Errorf("the error shows a key: %v", err)
		}
	}
}

func TestNothingIsSignedWithoutWhatWasSignedLast(t *testing.T) {
	keys, err := ReadKeys(strings.NewReader(handedOver))
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	if _, err := keys.signer(home); err == nil {
		t.Error("it signs")
	}
	write(t, stateFile(home), "{")
	if _, err := keys.signer(home); err == nil {
		t.Error("it signs")
	}
}

func TestASignerKeepsWhatItSignedLastAndNoKey(t *testing.T) {
	keys, err := ReadKeys(strings.NewReader(handedOver))
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	write(t, stateFile(home), "{}\n")
	signer, err := keys.signer(home)
	if err != nil {
		t.Fatal(err)
	}
	vote := func(height int64) *cmtproto.Vote { return &cmtproto.Vote{Type: cmtproto.PrevoteType, Height: height} }
	if err := signer.SignVote("chain", vote(7)); err != nil {
		t.Fatal(err)
	}
	again, err := keys.signer(home)
	if err != nil {
		t.Fatal(err)
	}
	if again.LastSignState.Height != 7 || again.SignVote("chain", vote(6)) == nil {
		t.Error("it does not know what it signed last")
	}
	if err := filepath.WalkDir(home, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		for _, seed := range []string{validatorSeed, nodeSeed} {
			raw, _ := hex.DecodeString(seed)
			if bytes.Contains(content, raw) || bytes.Contains(content, []byte(seed)) {
				t.Errorf("%s has a key", path)
			}
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
