package upgrade

import (
	"strings"
	"testing"

	"github.com/cometbft/cometbft/libs/protoio"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	cmttypes "github.com/cometbft/cometbft/types"
	"github.com/cosmos/gogoproto/proto"
	"github.com/ethereum/go-ethereum/common"

	"github.com/cosmos/cosmos-sdk/crypto/keys/ed25519"
)

func statementOf(chain string) *Statement {
	key := &ed25519.PrivKey{Key: ed25519.GenPrivKeyFromSecret([]byte("validator")).Key}
	statement := &Statement{Key: common.Hash(key.PubKey().Bytes()), Block: 5, Plan: *planOf(12)}
	signature, err := key.Sign(statement.Message(chain))
	must(err)
	statement.Signature = signature
	return statement
}

// The node makes it in another language: src/node/validator/upgradeStatement.test.ts has the same.
func TestAStatementOfTheNodeIsRead(t *testing.T) {
	statement, err := ReadStatement([]byte(`{"key":"0x8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c","block":50,"plan":{"height":70,"programs":{"linux/amd64":"0x0700000000000000000000000000000000000000000000000000000000000000"}},"signature":"0xc2477a392ec542dd8f324a28c71066f93f79d58be0c3072928fd001769c8a4c4422b82b6aa0fc0d8e9eac9c538993ef90593f0b62972962f5f6f79b582dde708"}`))
	if err != nil || !statement.IsSigned("medseal-chain") || statement.IsSigned("medseal-chain-2") {
		t.Errorf("%+v, %v", statement, err)
	}
}

func TestAStatementOfTheNodeWithCodesIsRead(t *testing.T) {
	statement, err := ReadStatement([]byte(`{"key":"0x8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c","block":50,"plan":{"height":70,"programs":{"linux/amd64":"0x0700000000000000000000000000000000000000000000000000000000000000"},"codes":[{"length":900,"hash":"0x0800000000000000000000000000000000000000000000000000000000000000"}]},"signature":"0xd47b8af29a397fd466f89bce1886b33a57caf458cef9638da20eee6efbb4b2c1dcaa2b64bba16b2fd0eb22bc5cf4c8bba080d94d4cb2a89dccd7200fdf8e780c"}`))
	if err != nil || !statement.IsSigned("medseal-chain") || len(statement.Plan.Codes) != 1 || statement.Plan.Codes[0].Length != 900 {
		t.Errorf("%+v, %v", statement, err)
	}
}

func TestReadStatementRefuses(t *testing.T) {
	text := string(statementOf("chain").Text())
	if _, err := ReadStatement([]byte(text)); err != nil {
		t.Fatal(err)
	}
	for name, each := range map[string]string{
		"nothing":                       "",
		"a plan alone":                  string(planOf(12).Text()),
		"no signature":                  text[:strings.Index(text, `,"signature"`)] + "}",
		"an empty signature":            text[:strings.Index(text, `,"signature"`)] + `,"signature":"0x"}`,
		"a short signature":             strings.Replace(text, `"signature":"0x`, `"signature":"0x`, 1)[:len(text)-4] + `"}`,
		"the plan's block":              strings.Replace(text, `"block":5`, `"block":12`, 1),
		"the block zero":                strings.Replace(text, `"block":5`, `"block":0`, 1),
		"a plan that is none":           strings.Replace(text, `"height":12`, `"height":1`, 1),
		"a plan in another form":        strings.Replace(text, `{"height"`, `{ "height"`, 1),
		"a space":                       " " + text,
		"something behind":              text + "\n",
		"an unknown field":              strings.Replace(text, `{"key"`, `{"also":1,"key"`, 1),
		"capitals":                      strings.Replace(text, `"signature":"0x`, `"signature":"0X`, 1),
		"a long one":                    text + strings.Repeat(" ", mostStatement),
		"a height of another statement": strings.Replace(text, `"height":12`, `"height":12,"height":13`, 1),
	} {
		if statement, err := ReadStatement([]byte(each)); err == nil {
			t.Errorf("%s: took %+v", name, statement)
		}
	}
}

// No vote, vote's extension or proposal has the bytes of a statement: else a validator could be had to sign one.
func TestAStatementIsNoVote(t *testing.T) {
	for _, chain := range []string{"chain", "medseal-" + strings.Repeat("5a", 16), strings.Repeat("c", cmttypes.MaxChainIDLen)} {
		message := statementOf(chain).Message(chain)
		for _, canonical := range []proto.Message{new(cmtproto.CanonicalVote), new(cmtproto.CanonicalProposal), new(cmtproto.CanonicalVoteExtension)} {
			if err := protoio.UnmarshalDelimited(message, canonical); err == nil {
				t.Errorf("it is read as %+v", canonical)
			}
		}
	}
	for _, vote := range []cmtproto.Vote{{Type: cmtproto.PrevoteType}, {Type: cmtproto.PrecommitType, Height: 9, Round: 1}} {
		if signed := cmttypes.VoteSignBytes("chain", &vote); signed[1] != 8 || purpose[1] == 8 {
			t.Errorf("a vote begins with %x", signed[:2])
		}
	}
	for _, proposal := range []cmtproto.Proposal{{}, {Type: cmtproto.ProposalType, Height: 9}} {
		if signed := cmttypes.ProposalSignBytes("chain", &proposal); signed[1] != 8 {
			t.Errorf("a proposal begins with %x", signed[:2])
		}
	}
}
