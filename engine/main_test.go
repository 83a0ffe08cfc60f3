package main

import (
	"bytes"
	"strings"
	"testing"

	"cosmossdk.io/log/v2"
)

func TestTheLogHasWhatItsLevelAsksFor(t *testing.T) {
	for level, wanted := range map[string]string{
		"*:warn":                "warn consensus,warn pool",
		"error":                 "",
		"consensus:info,*:warn": "info consensus,warn consensus,warn pool",
	} {
		option, err := logLevel(level)
		if err != nil {
			t.Fatal(err)
		}
		var written bytes.Buffer
		logger := log.NewLogger(&written, log.OutputJSONOption(), option)
		for _, part := range []string{"consensus", "pool"} {
			logger.With("module", part).Debug("debug " + part)
			logger.With("module", part).Info("info " + part)
			logger.With("module", part).Warn("warn " + part)
		}
		var lines []string
		for line := range strings.Lines(written.String()) {
			_, message, _ := strings.Cut(line, `"message":"`)
			message, _, _ = strings.Cut(message, `"`)
			lines = append(lines, message)
		}
		if found := strings.Join(lines, ","); found != wanted {
			t.Errorf("%s: %s instead of %s", level, found, wanted)
		}
	}
}

func TestALevelThatIsNoneIsRefused(t *testing.T) {
	for _, level := range []string{"", "loud", "consensus:loud", "a:warn,a:info"} {
		if _, err := logLevel(level); err == nil {
			t.Errorf("%q was taken", level)
		}
	}
}
