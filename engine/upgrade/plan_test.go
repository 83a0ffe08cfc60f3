package upgrade

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"

	"medseal.example/engine/founding"
	"medseal.example/engine/program"
)

func planOf(height int64) *Plan {
	return &Plan{Height: height, Programs: map[string]common.Hash{"linux/amd64": {1}, "linux/arm64": {2}}}
}

func TestParseTakesAPlanInItsOneForm(t *testing.T) {
	plan, err := Parse(planOf(12).Text())
	if err != nil || string(plan.Text()) != string(planOf(12).Text()) {
		t.Fatalf("%+v, %v", plan, err)
	}
}

func withParameters(parameters Parameters) *Plan {
	plan := planOf(12)
	plan.Parameters = &parameters
	return plan
}

func TestParseTakesParametersWithinTheirBounds(t *testing.T) {
	for _, each := range []struct {
		parameters Parameters
		want       bool
	}{
		{Parameters{}, false},
		{Parameters{BlockGas: LeastBlockGas - 1}, false},
		{Parameters{BlockGas: LeastBlockGas}, true},
		{Parameters{BlockGas: MostBlockGas}, true},
		{Parameters{BlockGas: MostBlockGas + 1}, false},
		{Parameters{BlockGas: -LeastBlockGas}, false},
		{Parameters{AbsenceWindow: LeastAbsenceWindow - 1}, false},
		{Parameters{AbsenceWindow: LeastAbsenceWindow}, true},
		{Parameters{AbsenceWindow: MostAbsenceWindow}, true},
		{Parameters{AbsenceWindow: MostAbsenceWindow + 1}, false},
		{Parameters{BlockGas: MostBlockGas, AbsenceWindow: -1}, false},
		{Parameters{BlockGas: MostBlockGas, AbsenceWindow: LeastAbsenceWindow}, true},
	} {
		plan, err := Parse(withParameters(each.parameters).Text())
		if (err == nil) != each.want || plan != nil && *plan.Parameters != each.parameters {
			t.Errorf("%+v: %+v, %v", each.parameters, plan, err)
		}
	}
	text := string(withParameters(Parameters{BlockGas: MostBlockGas}).Text())
	for _, each := range []string{
		strings.Replace(text, `"blockGas"`, `"more":1,"blockGas"`, 1),
		strings.Replace(text, `"blockGas":60000000`, `"blockGas":60000000,"absenceWindow":0`, 1),
		strings.Replace(text, "60000000", "6e7", 1),
		strings.Replace(text, `{"blockGas":60000000}`, "null", 1),
	} {
		if plan, err := Parse([]byte(each)); err == nil {
			t.Errorf("%s: took %+v", each, plan)
		}
	}
}

func withCodes(codes ...founding.Code) *Plan {
	plan := planOf(12)
	plan.Codes = codes
	return plan
}

func codesOf(count int) (codes []founding.Code) {
	for number := range count {
		codes = append(codes, founding.Code{Length: longestCode, Hash: common.Hash{byte(number + 1)}})
	}
	return codes
}

func TestParseTakesCodesInTheirOneForm(t *testing.T) {
	one, two := founding.Code{Length: 1, Hash: common.Hash{1}}, founding.Code{Length: longestCode, Hash: common.Hash{2}}
	for _, each := range []struct {
		name  string
		codes founding.Codes
		want  bool
	}{
		{"one", founding.Codes{one}, true},
		{"two", founding.Codes{one, two}, true},
		{"as many as may be", codesOf(MostCodes), true},
		{"one more", codesOf(MostCodes + 1), false},
		{"in the other order", founding.Codes{two, one}, false},
		{"one twice", founding.Codes{one, one}, false},
		{"one hash with two lengths", founding.Codes{one, {Length: 2, Hash: one.Hash}}, false},
		{"an empty code", founding.Codes{{Length: 0, Hash: common.Hash{1}}}, false},
		{"a length below zero", founding.Codes{{Length: -1, Hash: common.Hash{1}}}, false},
		{"a longer one than creates contracts", founding.Codes{{Length: longestCode + 1, Hash: common.Hash{1}}}, false},
		{"an empty hash", founding.Codes{{Length: 1}}, false},
	} {
		plan, err := Parse(withCodes(each.codes...).Text())
		if (err == nil) != each.want || plan != nil && string(plan.Text()) != string(withCodes(each.codes...).Text()) {
			t.Errorf("%s: %+v, %v", each.name, plan, err)
		}
	}
	text := string(withCodes(one).Text())
	for _, each := range []string{
		strings.Replace(text, `"length":1`, `"length":1.5`, 1),
		strings.Replace(text, `"length":1,`, `"also":1,"length":1,`, 1),
		strings.Replace(text, "0x01", "0X01", 1),
		text[:strings.Index(text, `,"codes"`)] + `,"codes":[]}`,
		text[:strings.Index(text, `,"codes"`)] + `,"codes":null}`,
		text[:strings.Index(text, `,"codes"`)] + `,"codes":[{"length":1}]}`,
	} {
		if plan, err := Parse([]byte(each)); err == nil && len(plan.Codes) != 1 || err == nil && each != text {
			t.Errorf("%s: took %+v", each, plan)
		}
	}
}

// The longest plan that has no codes is no longer than engines took before there were codes, or these would part from the others by it.
func TestTheLongestPlanFits(t *testing.T) {
	plan := &Plan{
		Height: lastHeight, Programs: map[string]common.Hash{}, Parameters: &Parameters{BlockGas: MostBlockGas, AbsenceWindow: MostAbsenceWindow},
	}
	for number := range MostPlatforms {
		plan.Programs[fmt.Sprintf("%s/%015d%d", strings.Repeat("s", 16), 0, number)] = common.Hash{1}
	}
	if size := len(plan.Text()); size > 1024 {
		t.Errorf("%d bytes", size)
	}
	plan.Codes = codesOf(MostCodes)
	if _, err := Parse(plan.Text()); err != nil {
		t.Errorf("%d bytes: %v", len(plan.Text()), err)
	}
}

func TestParseRefuses(t *testing.T) {
	hash, text := common.Hash{1}.Hex(), string(planOf(12).Text())
	many := &Plan{Height: 12, Programs: map[string]common.Hash{}}
	for number := range MostPlatforms + 1 {
		many.Programs[fmt.Sprintf("system%d/machine", number)] = common.Hash{1}
	}
	for name, each := range map[string]string{
		"nothing":                   "",
		"no JSON":                   "height",
		"the first block":           strings.Replace(text, "12", "1", 1),
		"a height below zero":       strings.Replace(text, "12", "-5", 1),
		"a height that is not one":  strings.Replace(text, "12", "12.5", 1),
		"a height in words":         strings.Replace(text, "12", `"12"`, 1),
		"a height beyond the last":  strings.Replace(text, "12", "9007199254740992", 1),
		"no programs":               `{"height":12,"programs":{}}`,
		"too many platforms":        string(many.Text()),
		"a platform that is none":   fmt.Sprintf(`{"height":12,"programs":{"linux":"%s"}}`, hash),
		"a platform with a newline": fmt.Sprintf(`{"height":12,"programs":{"linux/amd64\n":"%s"}}`, hash),
		"a short hash":              `{"height":12,"programs":{"linux/amd64":"0x01"}}`,
		"an empty hash":             fmt.Sprintf(`{"height":12,"programs":{"linux/amd64":"%s"}}`, common.Hash{}.Hex()),
		"capitals":                  strings.Replace(text, "0x01", "0X01", 1),
		"a space":                   " " + text,
		"something behind":          text + "\n",
		"an unknown field":          strings.Replace(text, `{"height"`, `{"also":1,"height"`, 1),
		"a platform twice":          strings.Replace(text, `"linux/arm64"`, `"linux/amd64"`, 1),
		"the other order":           fmt.Sprintf(`{"programs":{"linux/amd64":"%s"},"height":12}`, hash),
		"a long one":                text + strings.Repeat(" ", mostText),
	} {
		if plan, err := Parse([]byte(each)); err == nil {
			t.Errorf("%s: took %+v", name, plan)
		}
	}
}

func TestNamesGoesByPlatformAndHash(t *testing.T) {
	plan := planOf(12)
	for _, each := range []struct {
		name string
		own  program.Program
		want bool
	}{
		{"the program of its platform", program.Program{SHA256: common.Hash{1}, Platform: "linux/amd64"}, true},
		{"that of another platform", program.Program{SHA256: common.Hash{2}, Platform: "linux/amd64"}, false},
		{"another program", program.Program{SHA256: common.Hash{3}, Platform: "linux/amd64"}, false},
		{"a platform that it does not name", program.Program{SHA256: common.Hash{1}, Platform: "linux/riscv64"}, false},
		{"a platform that it does not name, and no hash", program.Program{Platform: "linux/riscv64"}, true},
	} {
		if got := plan.Names(each.own); got != each.want && each.own.SHA256 != (common.Hash{}) {
			t.Errorf("%s: %t", each.name, got)
		}
	}
}
