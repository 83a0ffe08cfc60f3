package main

import (
	"bytes"
	"encoding/asn1"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// softHSM returns the module of SoftHSM with an empty token; the test is skipped on a machine without it.
func softHSM(t *testing.T) string {
	t.Helper()
	tool, err := exec.LookPath("softhsm2-util")
	if err != nil {
		t.Skip("SoftHSM is not on this machine (apt-get install softhsm2)")
	}
	var module string
	for _, path := range []string{
		"/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/softhsm/libsofthsm2.so",
		"/usr/local/lib/softhsm/libsofthsm2.so", "/opt/homebrew/lib/softhsm/libsofthsm2.so",
	} {
		if _, err := os.Stat(path); err == nil {
			module = path
			break
		}
	}
	if module == "" {
		t.Skip("the module of SoftHSM is in no usual place")
	}
	folder := t.TempDir()
	tokens := filepath.Join(folder, "tokens")
	if err := os.Mkdir(tokens, 0o700); err != nil {
		t.Fatal(err)
	}
	settings := filepath.Join(folder, "softhsm2.conf")
	if err := os.WriteFile(settings, []byte("directories.tokendir = "+tokens+"\nlog.level = ERROR\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SOFTHSM2_CONF", settings)
	t.Setenv("TOKENS", tokens)
	makeToken(t, tool, "trial")
	return module
}

func makeToken(t *testing.T, tool, label string) {
	t.Helper()
	out, err := exec.Command(tool, "--init-token", "--free", "--label", label, "--pin", "1234", "--so-pin", "5678").CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

// helper is a session that a test asks by lines, as the node does.
type helper struct {
	t       *testing.T
	input   *io.PipeWriter
	answers *json.Decoder
	ended   chan error
	asked   uint64
}

func start(t *testing.T, first string) *helper {
	t.Helper()
	in, input := io.Pipe()
	output, out := io.Pipe()
	h := &helper{t: t, input: input, answers: json.NewDecoder(output), ended: make(chan error, 1)}
	go func() {
		err := serve(in, out)
		_ = in.CloseWithError(io.ErrClosedPipe)
		_ = out.Close()
		h.ended <- err
	}()
	fmt.Fprintln(input, first)
	t.Cleanup(func() { _ = input.Close() })
	return h
}

func named(module, token, pin string) string {
	return fmt.Sprintf(`{"module":%q,"token":%q,"pin":%q}`, module, token, pin)
}

func (h *helper) ask(do, object string, digest ...byte) answer {
	h.t.Helper()
	h.asked++
	line, _ := json.Marshal(question{h.asked, do, object, digest})
	fmt.Fprintf(h.input, "%s\n", line)
	var told answer
	if err := h.answers.Decode(&told); err != nil {
		h.t.Fatal(err)
	}
	if told.ID != h.asked {
		h.t.Fatalf("the answer to %d has the number %d", h.asked, told.ID)
	}
	return told
}

func (h *helper) fails(code, do, object string, digest ...byte) {
	h.t.Helper()
	if told := h.ask(do, object, digest...); told.Code != code || told.Key != nil || told.Signature != nil {
		h.t.Fatalf("%s %s: %+v in place of %s", do, object, told, code)
	}
}

func (h *helper) passes(do, object string, digest ...byte) answer {
	h.t.Helper()
	told := h.ask(do, object, digest...)
	if told.Code != "" {
		h.t.Fatalf("%s %s: %+v", do, object, told)
	}
	return told
}

func TestKeys(t *testing.T) {
	h := start(t, named(softHSM(t), "trial", "1234"))
	h.passes("look", "")
	h.fails(codeKey, "find", "one")
	h.fails(codeKey, "sign", "one", bytes.Repeat([]byte{1}, 32)...)
	one := h.passes("take", "one")
	if len(one.Key) != 65 || one.Key[0] != 4 {
		t.Fatalf("%x is not a public key", one.Key)
	}
	if again := h.passes("take", "one"); !bytes.Equal(again.Key, one.Key) {
		t.Fatal("a key that is there is made again")
	}
	if found := h.passes("find", "one"); !bytes.Equal(found.Key, one.Key) {
		t.Fatal("another key is found than was made")
	}
	if two := h.passes("take", "two"); bytes.Equal(two.Key, one.Key) {
		t.Fatal("two labels have one key")
	}
	if made := h.passes("sign", "one", bytes.Repeat([]byte{1}, 32)...); len(made.Signature) != 64 {
		t.Fatalf("%x is not r and s", made.Signature)
	}
	for _, length := range []int{0, 31, 33} {
		h.fails(codeMalformed, "sign", "one", make([]byte, length)...)
	}
	h.fails(codeMalformed, "sign", "")
	h.fails(codeMalformed, "wrap", "one")
}

// A key cannot be taken out of the token.
func TestSecretStays(t *testing.T) {
	module := softHSM(t)
	h := start(t, named(module, "trial", "1234"))
	h.passes("take", "one")
	own := &token{module: opened(t, module), label: "trial", pin: []byte("1234")}
	if err := own.login(); err != nil {
		t.Fatal(err)
	}
	found, err := own.module.find(own.session, classPrivate, "one")
	if err != nil || len(found) != 1 {
		t.Fatal(found, err)
	}
	for kind, wanted := range map[uint64]byte{attrSensitive: 1, attrExtractable: 0, attrPrivate: 1} {
		if value, err := own.module.attribute(own.session, found[0], kind); err != nil || !bytes.Equal(value, []byte{wanted}) {
			t.Fatalf("attribute %x is %x (%v)", kind, value, err)
		}
	}
	const attrValue = 0x11
	if value, err := own.module.attribute(own.session, found[0], attrValue); err == nil && value != nil {
		t.Fatal("the secret is shown")
	}
}

func TestUnusableKeys(t *testing.T) {
	module := softHSM(t)
	h := start(t, named(module, "trial", "1234"))
	h.passes("take", "twice")
	own := &token{module: opened(t, module), label: "trial", pin: []byte("1234")}
	if err := own.login(); err != nil {
		t.Fatal(err)
	}
	p256, _ := asn1.Marshal(asn1.ObjectIdentifier{1, 2, 840, 10045, 3, 1, 7})
	for label, curve := range map[string][]byte{"p256": p256, "twice": secp256k1} {
		if err := own.module.makeKey(own.session, label, curve); err != nil {
			t.Fatal(err)
		}
	}
	other := start(t, named(module, "trial", "1234"))
	for _, do := range []string{"find", "take"} {
		other.fails(codeUnusable, do, "p256")
		other.fails(codeKey, do, "twice")
	}
	other.fails(codeUnusable, "sign", "p256", bytes.Repeat([]byte{1}, 32)...)
	other.fails(codeKey, "sign", "twice", bytes.Repeat([]byte{1}, 32)...)
}

func TestWrongPlaces(t *testing.T) {
	module := softHSM(t)
	start(t, named(module, "other", "1234")).fails(codeAbsent, "look", "")
	start(t, named("/nowhere.so", "trial", "1234")).fails(codeModule, "look", "")
	libc := start(t, named("/bin/sh", "trial", "1234"))
	libc.fails(codeModule, "look", "")
	libc.fails(codeModule, "take", "one")
	empty := start(t, named(module, "trial", ""))
	empty.fails(codePin, "look", "")
}

// A wrong PIN is given once: some wrong ones in a row lock a token.
func TestWrongPin(t *testing.T) {
	module := softHSM(t)
	h := start(t, named(module, "trial", "4321"))
	for range 12 {
		h.fails(codePin, "look", "")
		h.fails(codePin, "take", "one")
	}
	start(t, named(module, "trial", "1234")).passes("look", "")
}

func TestTwoTokensOfOneLabel(t *testing.T) {
	module := softHSM(t)
	tool, _ := exec.LookPath("softhsm2-util")
	makeToken(t, tool, "trial")
	start(t, named(module, "trial", "1234")).fails(codeAbsent, "look", "")
}

// A token that goes away is absent, and is used again once it is back.
func TestAway(t *testing.T) {
	module := softHSM(t)
	h := start(t, named(module, "trial", "1234"))
	key := h.passes("take", "one").Key
	tokens, away := os.Getenv("TOKENS"), t.TempDir()
	move := func(from, to string) {
		entries, err := os.ReadDir(from)
		if err != nil || len(entries) == 0 {
			t.Fatal(entries, err)
		}
		for _, entry := range entries {
			if err := os.Rename(filepath.Join(from, entry.Name()), filepath.Join(to, entry.Name())); err != nil {
				t.Fatal(err)
			}
		}
	}
	move(tokens, away)
	h.fails(codeAbsent, "look", "")
	h.fails(codeAbsent, "sign", "one", bytes.Repeat([]byte{1}, 32)...)
	move(away, tokens)
	h.passes("look", "")
	h.passes("sign", "one", bytes.Repeat([]byte{1}, 32)...)
	if found := h.passes("find", "one").Key; !bytes.Equal(found, key) {
		t.Fatal("it came back with another key")
	}
}

func TestMalformedLines(t *testing.T) {
	for _, first := range []string{"", "7", `{"pin":"1234"`, `{"module":"x","pin":"1234"}`, `{"token":"x","pin":"1234"}`} {
		err := serve(strings.NewReader(first+"\n"), io.Discard)
		if err == nil || strings.Contains(err.Error(), "1234") {
			t.Fatalf("%q: %v", first, err)
		}
	}
	if err := serve(strings.NewReader(""), io.Discard); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"7", `{"id":1,"digest":"ab"}`, strings.Repeat("a", 2*longest)} {
		if err := serve(strings.NewReader(named("/m", "x", "1234")+"\n"+line+"\n"), io.Discard); err == nil {
			t.Fatalf("%.20q is taken", line)
		}
	}
}

func TestPoints(t *testing.T) {
	point := append([]byte{4}, bytes.Repeat([]byte{7}, 64)...)
	wrapped, _ := asn1.Marshal(point)
	for _, written := range [][]byte{point, wrapped} {
		if !bytes.Equal(pointOf(written), point) {
			t.Fatalf("%x is not read", written)
		}
	}
	for _, written := range [][]byte{nil, {4}, point[:64], append(point, 0), append([]byte{3}, point[1:]...), append(wrapped, 0)} {
		if pointOf(written) != nil {
			t.Fatalf("%x is read", written)
		}
	}
}

func opened(t *testing.T, path string) *module {
	t.Helper()
	loaded, err := openModule(path)
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}
