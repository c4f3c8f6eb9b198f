// Verify an exported log with the verifiers of the Go checksum database, as they are.
//
//	verify FOLDER VKEY [OLD_CHECKPOINT]
//
// The signature is checked by golang.org/x/mod/sumdb/note; tiles, entries, the older checkpoint
// and the proofs named on standard input by golang.org/x/mod/sumdb/tlog.
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

type folder string

func (f folder) Height() int { return height }

func (f folder) SaveTiles(tiles []tlog.Tile, data [][]byte) {}

// ReadTiles reads tiles under their names in tlog-tiles; their bytes are the same.
func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var read [][]byte
	for _, tile := range tiles {
		name := fmt.Sprintf("tile/%d/%s", tile.L, number(tile.N))
		if tile.W < 1<<height {
			name += fmt.Sprintf(".p/%d", tile.W)
		}
		data, err := os.ReadFile(filepath.Join(string(f), name))
		if err != nil {
			return nil, err
		}
		read = append(read, data)
	}
	return read, nil
}

func number(n int64) string {
	name := fmt.Sprintf("%03d", n%1000)
	for n >= 1000 {
		n /= 1000
		name = fmt.Sprintf("x%03d/%s", n%1000, name)
	}
	return name
}

func (f folder) entries(size int64) [][]byte {
	var entries [][]byte
	for first := int64(0); first < size; first += 1 << height {
		name := "tile/entries/" + number(first>>height)
		if size-first < 1<<height {
			name += fmt.Sprintf(".p/%d", size-first)
		}
		data := must(os.ReadFile(filepath.Join(string(f), name)))
		for len(data) > 0 {
			length := int(binary.BigEndian.Uint16(data))
			entries = append(entries, data[2:2+length])
			data = data[2+length:]
		}
	}
	return entries
}

func must[T any](value T, err error) T {
	check(err)
	return value
}

func check(err error) {
	if err != nil {
		fmt.Println("refused:", err)
		os.Exit(1)
	}
}

// opened checks a signature and reads the size and root that were signed.
func opened(path, vkey string) tlog.Tree {
	verifier := must(note.NewVerifier(vkey))
	signed := must(note.Open(must(os.ReadFile(path)), note.VerifierList(verifier)))
	lines := strings.Split(signed.Text, "\n")
	if lines[0] != verifier.Name() {
		check(fmt.Errorf("the origin is %q", lines[0]))
	}
	return tlog.Tree{N: must(strconv.ParseInt(lines[1], 10, 64)), Hash: must(tlog.ParseHash(lines[2]))}
}

// travelling checks a proof as the log gave it away: `PATH ENTRY_PATH`.
func travelling(line string, tree tlog.Tree) {
	names := strings.Fields(line)
	head, _, _ := strings.Cut(string(must(os.ReadFile(names[0]))), "\n\n")
	lines := strings.Split(head, "\n")[1:]
	index := must(strconv.ParseInt(strings.TrimPrefix(lines[0], "index "), 10, 64))
	var proof tlog.RecordProof
	for _, one := range lines[1:] {
		var hash tlog.Hash
		copy(hash[:], must(base64.StdEncoding.DecodeString(one)))
		proof = append(proof, hash)
	}
	entry := must(os.ReadFile(names[1]))
	check(tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry)))
}

func main() {
	log := folder(os.Args[1])
	tree := opened(filepath.Join(os.Args[1], "checkpoint"), os.Args[2])
	hashes := tlog.TileHashReader(tree, log)
	for index, entry := range log.entries(tree.N) {
		proof := must(tlog.ProveRecord(tree.N, int64(index), hashes))
		check(tlog.CheckRecord(proof, tree.N, tree.Hash, int64(index), tlog.RecordHash(entry)))
	}
	if len(os.Args) > 3 {
		old := opened(os.Args[3], os.Args[2])
		proof := must(tlog.ProveTree(tree.N, old.N, hashes))
		check(tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash))
	}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		travelling(lines.Text(), tree)
	}
	fmt.Println("accepted:", tree.N)
}
