import { isQuorum } from '../src/protocol/network/isQuorum.ts';
import { promisesOf } from '../src/protocol/evidence/promisesOf.ts';

/** Largest number of organisations of which there are rows. */
const MOST = 7;

const HEAD = `# Promises against liars

This page is generated from \`src/protocol/evidence/promisesOf.ts\`, whose test tries all sets of up to six organisations. It has a row for
each channel of three to seven organisations in which the same number k releases keys of records, judges and signs checkpoints, and for
each number f of organisations that lie, the organisation of the log among them.

- **One history**: two sets of k share an organisation that does not lie (2k > n + f), so no log gets checkpoints of two histories.
- **Releases**: _at once_ if a release and a checkpoint share an organisation that does not lie; else each waits for a checkpoint on the ledger
  over its view. Then no reading is in no log either.
- **An audit hears**: the number of organisations that must tell their releases before an audit is complete. One of them released whatever was
  read, and does not lie. With as many liars as release together there is no such number.

| n | k | f | one history | releases | an audit hears | may be away |
| --- | --- | --- | --- | --- | --- | --- |
`;

/** The promises of channels of each size as a page in Markdown: `docs/reference/liars.md`. */
export function liarsPage(): string {
  const rows: string[] = [];
  for (let n = 3; n <= MOST; n++) {
    for (let k = Math.floor(n / 2) + 1; k <= n; k++) {
      for (let liars = 1; liars <= Math.max(1, 2 * k - n - 1); liars++) {
        const sizes = { organisations: n, releases: k, checkpoints: k, liars };
        const { forks, heard } = promisesOf(sizes);
        const isOne = isQuorum(k, { organisations: n, faulty: liars })
          ? 'yes'
          : 'no, but one on the ledger';
        const waits = forks ? 'below a checkpoint' : 'at once';
        const hears = k > liars ? String(heard) : '–';
        rows.push(`| ${n} | ${k} | ${liars} | ${isOne} | ${waits} | ${hears} | ${n - k} |`);
      }
    }
  }
  return `${HEAD}${rows.join('\n')}\n`;
}
