import { spawnSync } from 'node:child_process';
import { constants, copyFileSync, cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

const COMET = 'github.com/cometbft/cometbft';

/** Reads the milliseconds to shift from the file that `SHIFTED_CLOCK` names, each time. */
const SHIFT = `package time

import (
	"os"
	"strconv"
	"strings"
	"time"
)

func shift() time.Duration {
	text, err := os.ReadFile(os.Getenv("SHIFTED_CLOCK"))
	if err != nil {
		return 0
	}
	milliseconds, _ := strconv.Atoi(strings.TrimSpace(string(text)))
	return time.Duration(milliseconds) * time.Millisecond
}
`;

/** Replacements in CometBFT's sources: all places at which it reads the wall clock to decide something. */
const REPLACED: readonly (readonly [file: string, from: string, to: string])[] = [
  ['types/time/time.go', 'Canonical(time.Now())', 'Canonical(time.Now().Add(shift()))'],
  ['state/validation.go', 'time.Now()', 'cmttime.Now()'],
  [
    'state/validation.go',
    '"github.com/cometbft/cometbft/types"',
    '"github.com/cometbft/cometbft/types"\n\tcmttime "github.com/cometbft/cometbft/types/time"',
  ],
];

/**
 * Writes a copy of CometBFT that reads a clock which a file shifts, also while it runs, and a `go.mod` that takes it. Its
 * rules and everything else stay as they are: the times of votes and proposals, the median that is a block's time, how
 * far a block may be ahead, and the waiting for the next height.
 *
 * @param folder - The engine's module.
 * @param path - The program that will be built; what this writes lies beside it.
 * @returns The file for `go build -modfile`.
 * @throws Error if CometBFT's sources are no longer what this replaces.
 */
export function writeShiftedClock(folder: string, path: string): string {
  const asked = ['list', '-m', '-f', '{{.Dir}}', COMET];
  const original = spawnSync('go', asked, { cwd: folder, encoding: 'utf8' }).stdout.trim();
  const copy = `${path}.sources/cometbft`;
  rmSync(copy, { recursive: true, force: true });
  // Files of the module cache are read-only.
  cpSync(original, copy, { recursive: true, mode: constants.COPYFILE_FICLONE });
  spawnSync('chmod', ['-R', 'u+w', copy]);
  writeFileSync(`${copy}/types/time/shift.go`, SHIFT);
  for (const [file, from, to] of REPLACED) {
    const text = readFileSync(`${copy}/${file}`, 'utf8');
    if (!text.includes(from)) throw new Error(`${file} of CometBFT has no \`${from}\``);
    writeFileSync(`${copy}/${file}`, text.replaceAll(from, to));
  }
  const module = `${path}.sources/go.mod`;
  const replaced = `${readFileSync(`${folder}/go.mod`, 'utf8')}\nreplace ${COMET} => ${copy}\n`;
  writeFileSync(module, replaced);
  copyFileSync(`${folder}/go.sum`, `${path}.sources/go.sum`);
  return module;
}
