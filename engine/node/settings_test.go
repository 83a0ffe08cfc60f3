package node

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const plainSettings = `{"listen":"127.0.0.1:1","rpc":"127.0.0.1:2","blocks":"127.0.0.1:3","peers":[]`

var remoteKey = "0x" + strings.Repeat("5a", 32)

const peer = "00112233445566778899aabbccddeeff00112233"

func TestReadSettingsRefusesWhatANodeCannotRunWith(t *testing.T) {
	cases := []struct{ name, more, reason string }{
		{"plain ones", ``, ""},
		{"blocks that are kept", `,"keepBlocks":10000`, ""},
		{"too few blocks", `,"keepBlocks":9999`, "keepBlocks must be 0 or 10000"},
		{"metrics without a port", `,"metrics":"127.0.0.1"`, "metrics is not host:port"},
		{"a block time over a minute", `,"blockTime":60001`, "blockTime must be 0 to 60,000 ms"},
		{"a longer time between idle blocks", `,"idleBlockTime":60001`, "idleBlockTime must be 0 to 60,000 ms"},
		{"a snapshot", `,"snapshotSources":["http://a:1","https://b:2"],"snapshotBlock":"7:` + strings.Repeat("aB", 32) + `"`, ""},
		{"a snapshot that one source alone vouches for", `,"snapshotSources":["http://a:1"]`, "must be two URLs"},
		{"a snapshot without a block", `,"snapshotSources":["http://a:1","http://b:1"]`, "snapshotBlock must be"},
		{"a snapshot with a short hash", `,"snapshotSources":["http://a:1","http://b:1"],"snapshotBlock":"7:aa"`,
			"snapshotBlock must be"},
		{"a source that is no URL", `,"snapshotSources":["a:1","http://b:1"]`, `"a:1" is not a URL`},
		{"an unknown setting", `,"pears":[]`, `unknown field "pears"`},
		{"a peer without an id", `,"peers":["127.0.0.1:1"]`, `peer "127.0.0.1:1" is neither id@host:port nor an id`},
		{"two peers in one", `,"peers":["` + peer + `@10.0.0.1:1,` + peer + `@10.0.0.2:1"]`, "is neither id@host:port nor an id"},
		{"peers with an address and without one", `,"peers":["` + peer + `@10.0.0.1:1","` + peer + `"]`, ""},
		{"a remote signer", `,"privValidatorLaddr":"tcp://127.0.0.1:26659","signerKey":"` + remoteKey + `"`, ""},
		{"a remote signer at a socket", `,"privValidatorLaddr":"unix:///run/signer.sock","signerKey":"` + remoteKey + `"`, ""},
		{"a remote signer without a protocol", `,"privValidatorLaddr":"127.0.0.1:26659","signerKey":"` + remoteKey + `"`,
			"privValidatorLaddr must be tcp://"},
		{"a remote signer without a key", `,"privValidatorLaddr":"tcp://127.0.0.1:26659"`, "signerKey must be"},
		{"a key without a remote signer", `,"signerKey":"` + remoteKey + `"`, "privValidatorLaddr is not"},
	}
	for _, each := range cases {
		t.Run(each.name, func(t *testing.T) {
			home := t.TempDir()
			text := []byte(plainSettings + each.more + "}")
			if err := os.WriteFile(filepath.Join(home, "settings.json"), text, 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := ReadSettings(home)
			if each.reason == "" && err != nil || each.reason != "" && (err == nil || !strings.Contains(err.Error(), each.reason)) {
				t.Errorf("it says %v", err)
			}
		})
	}
}
