package founding

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const sound = `{
	"networkId": "0x5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a",
	"chainId": 4242, "time": 1800000000,
	"registry": "0x5fbdb2315678afecb367f032d93f642f64180aa3",
	"validators": "0xcf7ed3acca5a467e9e704c703e8d87f634fb0fc9",
	"senders": ["0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266"], "creations": [],
	"stakes": [
		{"organisation": "hospital", "key": "0x1111111111111111111111111111111111111111111111111111111111111111", "stake": 10},
		{"organisation": "laboratory", "key": "0x2222222222222222222222222222222222222222222222222222222222222222", "stake": 10}
	]
}`

func TestParseTermsRefuses(t *testing.T) {
	cases := map[string][2]string{
		"a field that it does not know":     {`"chainId"`, `"more": 1, "chainId"`},
		"no chain id":                       {`4242`, `0`},
		"a chain id that JSON cannot carry": {`4242`, `9007199254740993`},
		"no time":                           {`1800000000`, `0`},
		"no senders":                        {`["0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266"]`, `[]`},
		"a name with a slash":               {`"hospital"`, `"../x"`},
		"a stake of nothing":                {`"stake": 10},`, `"stake": 0},`},
		"a stake over the most":             {`"stake": 10},`, `"stake": 1000000001},`},
		"one key for two":                   {strings.Repeat("2", 64), strings.Repeat("1", 64)},
		"one organisation with two":         {`"laboratory"`, `"hospital"`},
		"a key with which nobody can sign":  {strings.Repeat("2", 64), "02" + strings.Repeat("0", 62)},
		"a key with which everybody can":    {strings.Repeat("2", 64), "01" + strings.Repeat("0", 62)},
		"a key that is not 32 bytes":        {strings.Repeat("2", 64), strings.Repeat("2", 62)},
		"another object after it":           {"\n}", "\n}{}"},
	}
	if _, err := ParseTerms([]byte(sound)); err != nil {
		t.Fatal(err)
	}
	for name, change := range cases {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(sound, change[0], change[1], 1)
			if text == sound {
				t.Fatal("nothing was changed")
			}
			if _, err := ParseTerms([]byte(text)); err == nil {
				t.Error("it was taken")
			}
		})
	}
}

func makeDocument(t *testing.T, change func(*Terms)) (string, string) {
	t.Helper()
	terms, err := ParseTerms([]byte(sound))
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(terms)
	}
	text, err := json.Marshal(terms)
	if err != nil {
		t.Fatal(err)
	}
	document, err := Document(terms, map[string]json.RawMessage{"medseal": text, "a": json.RawMessage(`{"b": "<&>"}`)}, 1<<20, 1000)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "genesis.json")
	if err := document.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return document.ChainID, path
}

func TestTheSameTermsMakeTheSameChainAndOthersAnother(t *testing.T) {
	first, _ := makeDocument(t, nil)
	second, _ := makeDocument(t, nil)
	if first != second || !strings.HasPrefix(first, "medseal-") || len(first) != 40 {
		t.Errorf("%s and %s", first, second)
	}
	for name, change := range map[string]func(*Terms){
		"time":   func(terms *Terms) { terms.Time++ },
		"stake":  func(terms *Terms) { terms.Stakes[0].Stake++ },
		"key":    func(terms *Terms) { terms.Stakes[1].Key[31]++ },
		"sender": func(terms *Terms) { terms.Senders[0][0]++ },
		"rules":  func(terms *Terms) { terms.Registry[0]++ },
	} {
		if other, _ := makeDocument(t, change); other == first {
			t.Errorf("another %s makes the same chain", name)
		}
	}
}

func TestReadDocumentRefusesAFileThatWasChanged(t *testing.T) {
	chain, path := makeDocument(t, nil)
	document, err := ReadDocument(path)
	if err != nil || document.ChainID != chain {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string][2]string{
		"stake":  {`"stake":10`, `"stake":11`},
		"limits": {`"max_gas": "1000"`, `"max_gas": "1001"`},
		"chain":  {chain, "medseal-" + strings.Repeat("0", 32)},
	} {
		changed := strings.Replace(string(text), change[0], change[1], 1)
		if changed == string(text) {
			changed = strings.Replace(string(text), strings.Replace(change[0], ":", ": ", 1), strings.Replace(change[1], ":", ": ", 1), 1)
		}
		if changed == string(text) {
			t.Fatalf("%s: nothing was changed in %s", name, text)
		}
		if err := os.WriteFile(path, []byte(changed), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadDocument(path); err == nil {
			t.Errorf("a file with another %s was taken", name)
		}
	}
}
