package node

import (
	"os"
	"path/filepath"
	"testing"

	"cosmossdk.io/log/v2"
)

// emptyFolder makes a node's folder with what it signed last.
func emptyFolder(t *testing.T) string {
	home := t.TempDir()
	lay(t, home, "last-signed.json", "{}")
	return home
}

func lay(t *testing.T, home, name, text string) {
	path := filepath.Join(dataFolder(home), name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func isThere(home, name string) bool {
	_, err := os.Stat(filepath.Join(dataFolder(home), name))
	return err == nil
}

func begins(t *testing.T, home string, sources ...string) bool {
	isBegun, err := beginning(home, &Settings{SnapshotSources: sources}, log.NewNopLogger())
	if err != nil {
		t.Fatal(err)
	}
	return isBegun
}

func TestAFolderWithBlocksDoesNotBeginWithASnapshot(t *testing.T) {
	home := emptyFolder(t)
	lay(t, home, "blockstore.db/LOG", "")
	if begins(t, home, "http://a", "http://b") || !isThere(home, "blockstore.db") || isThere(home, "beginning") {
		t.Error("it begins again")
	}
}

func TestABeginningThatWasCutOffBeginsAgainWithoutItsRemains(t *testing.T) {
	home := emptyFolder(t)
	if !begins(t, home, "http://a", "http://b") {
		t.Fatal("it does not begin")
	}
	lay(t, home, "application.db/LOG", "half")
	lay(t, home, "blockstore.db/LOG", "")
	if !begins(t, home, "http://a", "http://b") || isThere(home, "application.db") || isThere(home, "blockstore.db") {
		t.Error("its remains are still there")
	}
	if !isThere(home, "last-signed.json") {
		t.Error("it forgot what it signed last")
	}
}

func TestAllBlocksAreFetchedOnceNoSnapshotCame(t *testing.T) {
	home := emptyFolder(t)
	for range mostBeginnings {
		if !begins(t, home, "http://a", "http://b") {
			t.Fatal("it gave up early")
		}
	}
	lay(t, home, "application.db/LOG", "half")
	if begins(t, home, "http://a", "http://b") || isThere(home, "application.db") || isThere(home, "beginning") {
		t.Error("it begins with a snapshot again")
	}
}

func TestABeginningThatWasCutOffIsRemovedIfTheSourcesAreGone(t *testing.T) {
	home := emptyFolder(t)
	begins(t, home, "http://a", "http://b")
	lay(t, home, "application.db/LOG", "half")
	if begins(t, home) || isThere(home, "application.db") || isThere(home, "beginning") || !isThere(home, "last-signed.json") {
		t.Error("half a state is gone on with")
	}
}
