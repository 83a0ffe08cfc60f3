// Package upgrade decides at which block the validators go on with another program.
//
// Organisations state on the ledger which programs they hold, and from which block on these are to run. If enough of them
// stated the same before that block, every program that is not named stops there; else all go on, and the upgrade lapsed.
// All validators decide by the same state, so they decide alike.
package upgrade

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"

	"github.com/ethereum/go-ethereum/common"

	"medseal.example/engine/founding"
	"medseal.example/engine/program"
)

// Address is where statements are sent: no contract can be there, and none needs to be.
var Address = common.BytesToAddress([]byte("medseal.upgrades"))

const (
	// MostPlatforms is the most platforms that an upgrade names.
	MostPlatforms = 8
	// MostCodes is the most codes that an upgrade names.
	MostCodes = 8
	// longestCode is the most bytes of a code that creates a contract (EIP-3860).
	longestCode = 49_152
	// mostText is the most bytes of a plan.
	mostText = 2048
	// lastHeight is the last block that an upgrade can name: JSON's numbers end there.
	lastHeight = 1<<53 - 1
	// LeastBlockGas is the least gas that blocks are given: that of two of the largest transactions, so that a flood of one account keeps
	// nobody else's out of a block.
	LeastBlockGas = 2 << 24
	// MostBlockGas is the most: what a ledger begins with, by which nodes bound what they read.
	MostBlockGas = 60_000_000
	// LeastAbsenceWindow is the fewest blocks over which absence is counted.
	LeastAbsenceWindow = 1000
	// MostAbsenceWindow is the most.
	MostAbsenceWindow = 100_000
)

var platform = regexp.MustCompile(`^[a-z0-9]{1,16}/[a-z0-9]{1,16}$`)

// Plan is an upgrade. One that changes parameters alone, or the codes, names the programs that run.
type Plan struct {
	// Height is the first block that the programs carry out.
	Height int64 `json:"height"`
	// Programs has the SHA-256 of a program's file for each platform, as system/machine.
	Programs map[string]common.Hash `json:"programs"`
	// Parameters that change at that block; nil if all stay.
	Parameters *Parameters `json:"parameters,omitempty"`
	// Codes that create contracts from that block on, beside those of the first state; ascending by hash.
	Codes founding.Codes `json:"codes,omitempty"`
}

// Parameters of the chain; 0 of each that stays.
type Parameters struct {
	// BlockGas is the most gas of a block.
	BlockGas int64 `json:"blockGas,omitempty"`
	// AbsenceWindow is how many blocks absence is counted over.
	AbsenceWindow int64 `json:"absenceWindow,omitempty"`
}

// check refuses parameters that a chain cannot have.
func (p *Parameters) check() error {
	if p == nil {
		return nil
	}
	if *p == (Parameters{}) {
		return errors.New("it names no parameter")
	}
	if p.BlockGas != 0 && (p.BlockGas < LeastBlockGas || p.BlockGas > MostBlockGas) {
		return fmt.Errorf("the gas of a block must be %d to %d", LeastBlockGas, MostBlockGas)
	}
	if p.AbsenceWindow != 0 && (p.AbsenceWindow < LeastAbsenceWindow || p.AbsenceWindow > MostAbsenceWindow) {
		return fmt.Errorf("absence must be counted over %d to %d blocks", LeastAbsenceWindow, MostAbsenceWindow)
	}
	return nil
}

// checkCodes refuses codes that are not in their one form.
func checkCodes(codes founding.Codes) error {
	if len(codes) > MostCodes {
		return fmt.Errorf("it names over %d codes", MostCodes)
	}
	last := common.Hash{}
	for _, code := range codes {
		if code.Length < 1 || code.Length > longestCode {
			return fmt.Errorf("a code must have 1 to %d bytes", longestCode)
		}
		// The first one is no empty hash by this either.
		if code.Hash.Cmp(last) <= 0 {
			return errors.New("its codes do not ascend by their hashes")
		}
		last = code.Hash
	}
	return nil
}

// Text is the one form of a plan: two plans are the same if their texts are.
func (p *Plan) Text() []byte {
	text, err := json.Marshal(p)
	if err != nil {
		panic(err)
	}
	return text
}

// Names tells whether the plan names a program for its platform.
func (p *Plan) Names(own program.Program) bool {
	return p.Programs[own.Platform] == own.SHA256
}

// Parse reads a plan from its text, and takes no other form of it.
func Parse(text []byte) (*Plan, error) {
	if len(text) > mostText {
		return nil, fmt.Errorf("it has over %d bytes", mostText)
	}
	plan := new(Plan)
	if err := json.Unmarshal(text, plan); err != nil {
		return nil, errors.New("it is not JSON of a height and programs")
	}
	if plan.Height < 2 || plan.Height > lastHeight {
		return nil, fmt.Errorf("its height must be 2 to %d", lastHeight)
	}
	if len(plan.Programs) == 0 || len(plan.Programs) > MostPlatforms {
		return nil, fmt.Errorf("it must name programs of 1 to %d platforms", MostPlatforms)
	}
	for name, hash := range plan.Programs {
		if !platform.MatchString(name) {
			return nil, errors.New("a platform is not system/machine")
		}
		if hash == (common.Hash{}) {
			return nil, errors.New("a program has no hash")
		}
	}
	if err := plan.Parameters.check(); err != nil {
		return nil, err
	}
	if err := checkCodes(plan.Codes); err != nil {
		return nil, err
	}
	if !bytes.Equal(plan.Text(), text) {
		return nil, errors.New("it is not in its one form")
	}
	return plan, nil
}
