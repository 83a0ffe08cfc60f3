import { findHabits } from './findHabits.ts';
import { readTexts } from './readTexts.ts';

/** Prints the sentences that show a habit: `npm run maintain words -- src/log docs/run/ledger.md`. */
let found = 0;
for (const [path, texts] of await readTexts(process.argv.slice(2))) {
  for (const { line, text } of texts) {
    for (const { sentence, instead } of findHabits(text)) {
      found++;
      process.stdout.write(`${path}:${line}: ${sentence} → ${instead}\n`);
    }
  }
}
process.stdout.write(`${found} found\n`);
