import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { domainOf } from '../../protocol/struct/domainOf.ts';
import { parseRow } from '../../database/parseRow.ts';
import { SENT_LETTER } from '../../protocol/shapes/askedShapes.ts';
import { countPushes } from '../push/countPushes.ts';
import { parseSigned } from '../../protocol/struct/parseSigned.ts';
import { saltOfStep } from '../../protocol/care/saltOfStep.ts';
import { verifyOwn } from '../../protocol/evidence/verifyOwn.ts';
import { BY_STEP, LETTERS, readStepKey } from './letterKeys.ts';
import { letterRows } from './LetterStore.ts';
import type { ServiceDatabase } from '../../database/synced.ts';
import { partPath, type OrganisationExamination } from '../examination/OrganisationExamination.ts';

/**
 * Examines the letters that wait at an organisation: each has its sender's signature, is whole and in the indexes by
 * reader and by sender, or by its step, of which one letter tells its reader. Beside them there are only the browsers that are told
 * of news, each as its party signed it.
 *
 * @param examination - Organisation and folder.
 * @param database - The letters.
 */
export async function examineLetters(
  examination: OrganisationExamination,
  database: ServiceDatabase,
): Promise<void> {
  const { organisation, network, ports, hearer } = examination;
  const path = partPath(examination, 'letters');
  const name = `${organisation}: letters`;
  const context = { primitives: ports.primitives, domain: domainOf(network), network };
  let [letters, rows] = [0, 0];
  for await (const [key, value] of database.iterator(LETTERS)) {
    letters += 1;
    const expected = rowsOf(value);
    if (expected?.[0]?.[0] !== key) {
      say(`a letter was altered at ${key}`);
      continue;
    }
    const found = await database.getMany(expected.map(([each]) => each));
    rows += expected.length;
    if (expected.every(([, each], at) => found[at] === each)) continue;
    say(`the letter at ${key} is not in the indexes of letters`);
  }
  let before = '';
  for await (const key of database.keys(BY_STEP)) {
    const { to, step } = readStepKey(key);
    // A newer one takes the place of an older one.
    if (`${to}/${step}` === before) say(`a second letter tells ${to} of the step ${step}`);
    before = `${to}/${step}`;
  }
  rows += await countPushes(examination, database, say);
  let all = 0;
  for await (const _ of database.keys()) all += 1;
  if (all !== rows)
    say(
      `there are ${all} rows, but only ${rows} belong to intact letters, or to browsers that are told of news`,
    );
  hearer.part({ path, name, holds: `${letters} letters` });

  function say(what: string): void {
    hearer.fault({ kind: 'letters', path, what: `${name}: ${what}`, remedy: 'backup' });
  }

  /** Rows that a letter must have; undefined if it was altered. */
  function rowsOf(text: string): ReturnType<typeof letterRows> | undefined {
    try {
      const { request: given, step, sealed } = parseRow(SENT_LETTER, text);
      const request = parseSigned(given, ['Letter']);
      const id = verifyOwn(context, request);
      const hash = bytesToHex(ports.primitives.sha256(utf8ToBytes(sealed)));
      const letter = { request, ...(step !== undefined && { step }), sealed };
      if (step !== undefined && saltOfStep(step) !== request.message.salt) return undefined;
      const expected = letterRows({ id, letter });
      // Nodes write it in one spelling only.
      return hash === request.message.letter && expected[0]?.[1] === text ? expected : undefined;
    } catch {
      return undefined;
    }
  }
}
