// Package program names the program that runs: its version, the SHA-256 of its file, and the platform it was built for.
package program

import (
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"regexp"
	"runtime"
	"strings"

	"github.com/ethereum/go-ethereum/common"
)

// Program is one build of the engine.
type Program struct {
	// Version that the linker gave it.
	Version string `json:"version"`
	// SHA256 of its file, 0x and 64 hex digits.
	SHA256 common.Hash `json:"sha256"`
	// Platform it was built for, as system/machine in the words of Go: linux/amd64.
	Platform string `json:"platform"`
}

// Own names the program of this process. The file is read as the system started it, whatever lies at its path by now.
func Own(version string) (Program, error) {
	path, err := os.Executable()
	if err != nil {
		return Program{}, err
	}
	// The same file even after another one took its place.
	if _, err := os.Stat(started); err == nil {
		path = started
	}
	file, err := os.Open(path)
	if err != nil {
		return Program{}, err
	}
	defer file.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		return Program{}, err
	}
	return Program{
		Version: version, SHA256: common.Hash(hash.Sum(nil)), Platform: runtime.GOOS + "/" + runtime.GOARCH,
	}, nil
}

// started is the file of the present process on Linux.
const started = "/proc/self/exe"

const prefix = "medseal-engine "

var said = regexp.MustCompile(`^medseal-engine ([0-9A-Za-z.+_-]{1,64}) ([a-z0-9]{1,16}/[a-z0-9]{1,16}) (0x[0-9a-f]{64})$`)

// Say is a program in one line, as a node tells it the nodes that it connects with.
func (p Program) Say() string {
	return fmt.Sprintf("%s%s %s %s", prefix, p.Version, p.Platform, strings.ToLower(p.SHA256.Hex()))
}

// Heard reads such a line; false if it is none, as from a node that runs an older engine.
func Heard(line string) (Program, bool) {
	parts := said.FindStringSubmatch(line)
	if parts == nil {
		return Program{}, false
	}
	return Program{Version: parts[1], Platform: parts[2], SHA256: common.HexToHash(parts[3])}, true
}
