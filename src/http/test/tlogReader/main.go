// Command tlogreader reads a log that a node serves as C2SP tlog-tiles, with the tlog and note packages of the Go
// project, which know nothing of Medseal: it opens the checkpoint's signature, authenticates every tile against its
// root, proves that the log holds every entry at its place, and that an older checkpoint is the beginning of this one.
//
// Usage: tlogreader URL VERIFIER-KEY [OLDER-CHECKPOINT-FILE]
//
// It prints the number of entries, and ends with 1 where anything does not hold.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const tileHeight = 8

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	url, key := args[0], args[1]
	text, err := get(url + "/checkpoint")
	if err != nil {
		return err
	}
	tree, err := open(text, key)
	if err != nil {
		return err
	}
	hashes := tlog.TileHashReader(tree, &tiles{url})
	if err := checkEntries(url, tree, hashes); err != nil {
		return err
	}
	if len(args) > 2 {
		if err := checkOlder(args[2], key, tree, hashes); err != nil {
			return err
		}
	}
	fmt.Println(tree.N)
	return nil
}

// open verifies the note and reads the three lines of a checkpoint.
func open(text []byte, key string) (tlog.Tree, error) {
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return tlog.Tree{}, err
	}
	opened, err := note.Open(text, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		return tlog.Tree{}, fmt.Errorf("not a checkpoint of %s: %q", verifier.Name(), opened.Text)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return tlog.Tree{}, fmt.Errorf("not a root: %q", lines[2])
	}
	return tlog.Tree{N: size, Hash: tlog.Hash(root)}, nil
}

// checkEntries proves for every entry that the tree holds it at its place.
func checkEntries(url string, tree tlog.Tree, hashes tlog.HashReader) error {
	for at := int64(0); at < tree.N; {
		width := min(int64(1)<<tileHeight, tree.N-at)
		tile := tlog.Tile{H: tileHeight, L: -1, N: at >> tileHeight, W: int(width)}
		bundle, err := get(url + "/" + path(tile))
		if err != nil {
			return err
		}
		for range width {
			if len(bundle) < 2 || len(bundle) < 2+int(binary.BigEndian.Uint16(bundle)) {
				return fmt.Errorf("%s is cut off", path(tile))
			}
			end := 2 + int(binary.BigEndian.Uint16(bundle))
			entry := bundle[2:end]
			bundle = bundle[end:]
			proof, err := tlog.ProveRecord(tree.N, at, hashes)
			if err != nil {
				return err
			}
			if err := tlog.CheckRecord(proof, tree.N, tree.Hash, at, tlog.RecordHash(entry)); err != nil {
				return fmt.Errorf("entry %d: %w", at, err)
			}
			at++
		}
		if len(bundle) > 0 {
			return fmt.Errorf("%s holds more than %d entries", path(tile), width)
		}
	}
	return nil
}

// checkOlder proves that the tree of an older checkpoint is the beginning of this one.
func checkOlder(file, key string, tree tlog.Tree, hashes tlog.HashReader) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	older, err := open(text, key)
	if err != nil {
		return err
	}
	proof, err := tlog.ProveTree(tree.N, older.N, hashes)
	if err != nil {
		return err
	}
	return tlog.CheckTree(proof, tree.N, tree.Hash, older.N, older.Hash)
}

// tiles reads tiles over HTTP; TileHashReader authenticates them.
type tiles struct{ url string }

func (t *tiles) Height() int { return tileHeight }

func (t *tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	all := make([][]byte, len(wanted))
	for i, tile := range wanted {
		bytes, err := get(t.url + "/" + path(tile))
		if err != nil {
			return nil, err
		}
		all[i] = bytes
	}
	return all, nil
}

func (t *tiles) SaveTiles([]tlog.Tile, [][]byte) {}

// path is the tile's path without the height, which tlog-tiles fixes, and with its name for entries.
func path(tile tlog.Tile) string {
	rest := strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", tileHeight))
	return "tile/" + strings.Replace(rest, "data/", "entries/", 1)
}

func get(url string) ([]byte, error) {
	response, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", url, response.Status)
	}
	return io.ReadAll(response.Body)
}
