// Command medseal-pkcs11 signs for a node with keys that are in a PKCS #11 token, and shows nobody a key.
//
// The node starts it, and asks it over its standard input; it ends with that.
package main

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"time"
)

// version is what a release is called; the linker sets it (-X main.version=…).
var version = "unreleased"

const usage = `medseal-pkcs11             signs with keys of a PKCS #11 token
medseal-pkcs11 --version   says its version

It reads lines of JSON. The first names the token: {"module":"/path/module.so","token":"label","pin":"…"}.
Each other one asks something, and gets a line in answer:
  {"id":1,"do":"look"}                                  makes sure that the token is there
  {"id":2,"do":"find","object":"label"}                 shows the public key of a key
  {"id":3,"do":"take","object":"label"}                 the same, and makes the key if it is not there
  {"id":4,"do":"sign","object":"label","digest":"0x…"}  signs 32 bytes by ECDSA over secp256k1`

// longest is the most bytes that a line may have.
const longest = 64 * 1024

// endPatience is how long a module may take to finish once the node is gone.
const endPatience = 5 * time.Second

// place names a token.
type place struct {
	Module string `json:"module"`
	Token  string `json:"token"`
	Pin    string `json:"pin"`
}

// question is what the node asks.
type question struct {
	ID     uint64   `json:"id"`
	Do     string   `json:"do"`
	Object string   `json:"object"`
	Digest hexBytes `json:"digest"`
}

// answer is what it is told.
type answer struct {
	ID        uint64   `json:"id"`
	Key       hexBytes `json:"key,omitempty"`
	Signature hexBytes `json:"signature,omitempty"`
	Code      string   `json:"code,omitempty"`
	Reason    string   `json:"reason,omitempty"`
}

// hexBytes are bytes that JSON has as 0x and hexadecimal digits.
type hexBytes []byte

// MarshalText writes them.
func (h hexBytes) MarshalText() ([]byte, error) { return []byte("0x" + hex.EncodeToString(h)), nil }

// UnmarshalText reads them.
func (h *hexBytes) UnmarshalText(text []byte) (err error) {
	digits, ok := strings.CutPrefix(string(text), "0x")
	if !ok {
		return errors.New("0x is missing")
	}
	*h, err = hex.DecodeString(digits)
	return err
}

func main() {
	if len(os.Args) > 1 {
		text := usage
		if os.Args[1] == "--version" {
			text = "medseal-pkcs11 version " + version
		}
		fmt.Println(text)
		return
	}
	// Some modules keep what they know of a session with the thread.
	runtime.LockOSThread()
	input, all := io.Pipe()
	go func() {
		_, err := io.Copy(all, os.Stdin)
		_ = all.CloseWithError(err)
		// A module that hangs keeps no process behind whose node is gone.
		time.Sleep(endPatience)
		os.Exit(1)
	}()
	if err := serve(input, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "medseal-pkcs11:", err)
		os.Exit(1)
	}
}

// serve answers questions until the input ends.
func serve(input io.Reader, output io.Writer) error {
	lines := bufio.NewScanner(input)
	lines.Buffer(make([]byte, 0, 4096), longest)
	if !lines.Scan() {
		return lines.Err()
	}
	var named place
	if json.Unmarshal(lines.Bytes(), &named) != nil || named.Module == "" || named.Token == "" {
		// Not the error itself: it can hold a part of the PIN.
		return errors.New("the first line does not name a token")
	}
	asked := &session{named: named}
	defer asked.end()
	said := json.NewEncoder(output)
	for lines.Scan() {
		var read question
		if json.Unmarshal(lines.Bytes(), &read) != nil {
			return errors.New("a question cannot be read")
		}
		if err := said.Encode(asked.answer(read)); err != nil {
			return err
		}
	}
	return lines.Err()
}

// session is the token that the first line names. Its module is loaded with the first question, so that a failure has an answer.
type session struct {
	named  place
	module *module
	token  *token
}

func (s *session) answer(asked question) answer {
	told := answer{ID: asked.ID}
	err := s.load()
	if err == nil {
		err = s.ask(asked, &told)
	}
	if err != nil {
		var known failure
		if !errors.As(err, &known) {
			known = failure{codeAbsent, err}
		}
		told.Code, told.Reason = known.code, known.Error()
	}
	return told
}

func (s *session) ask(asked question, told *answer) (err error) {
	switch {
	case asked.Do == "look":
		return s.token.look()
	case asked.Object == "":
		return fails(codeMalformed, "the question names no key")
	case asked.Do == "find":
		told.Key, err = s.token.find(asked.Object)
	case asked.Do == "take":
		told.Key, err = s.token.take(asked.Object)
	case asked.Do == "sign" && len(asked.Digest) == 32:
		told.Signature, err = s.token.sign(asked.Object, asked.Digest)
	default:
		return fails(codeMalformed, "the question is unknown")
	}
	return err
}

func (s *session) load() error {
	if s.token != nil {
		return nil
	}
	loaded, err := openModule(s.named.Module)
	if err != nil {
		return failure{codeModule, err}
	}
	s.module = loaded
	s.token = &token{module: loaded, label: s.named.Token, pin: []byte(s.named.Pin)}
	return nil
}

func (s *session) end() {
	if s.module != nil {
		s.module.end()
	}
}
