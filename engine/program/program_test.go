package program

import (
	"crypto/sha256"
	"os"
	"testing"

	"github.com/ethereum/go-ethereum/common"
)

func TestOwnHashesTheFileOfThisProcess(t *testing.T) {
	own, err := Own("1.2.3")
	if err != nil {
		t.Fatal(err)
	}
	path, _ := os.Executable()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if own.SHA256 != common.Hash(sha256.Sum256(text)) || own.Version != "1.2.3" {
		t.Errorf("got %+v", own)
	}
}

func TestHeardReadsWhatIsSaid(t *testing.T) {
	own := Program{Version: "0.2.0-dirty+3", SHA256: common.Hash{1, 2}, Platform: "linux/arm64"}
	if heard, ok := Heard(own.Say()); !ok || heard != own {
		t.Errorf("heard %+v", heard)
	}
}

func TestHeardTakesNothingElse(t *testing.T) {
	line := Program{Version: "1", SHA256: common.Hash{1}, Platform: "linux/amd64"}.Say()
	for name, said := range map[string]string{
		"the name of a machine": "validator-3",
		"nothing":               "",
		"a line and more":       line + "0",
		"another beginning":     "x" + line,
		"a long version":        "medseal-engine " + string(make([]byte, 65)) + line[16:],
		"a colour":              "medseal-engine \x1b[31m1 linux/amd64 " + line[len(line)-66:],
	} {
		if heard, ok := Heard(said); ok {
			t.Errorf("%s: heard %+v", name, heard)
		}
	}
}
