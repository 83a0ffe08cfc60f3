import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MedsealError } from '../../errors/MedsealError.ts';
import { addRecord } from '../records/addRecord.ts';
import { readChart } from '../records/readChart.ts';
import { grantRight } from '../rights/grantRight.ts';
import { enrol } from './enrol.ts';
import type { Party } from './Party.ts';
import { requireArgument } from './requireArgument.ts';

const handle = `0x${'11'.repeat(32)}` as const;
const grantee = `0x${'22'.repeat(20)}` as const;

/** A party that must not be reached: its nodes have no part in what its caller passed. */
const unreached = {
  random: (length: number) => new Uint8Array(length),
  get agent(): never {
    throw new Error('a node was asked');
  },
} as unknown as Party;

/** The error of a call with arguments that a program in JavaScript may pass. */
async function errorOf(call: (party: Party) => Promise<unknown>): Promise<[string, string]> {
  const error = await call(unreached).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof MedsealError, String(error));
  return [error.code, error.message];
}

describe('a wrong argument', () => {
  const version = { handle, category: 'other', purpose: 'PATRQT' } as const;
  const content = Uint8Array.of(1);
  const right = { grantee, categories: ['other'], actions: ['read'], purpose: 'TREAT' } as const;

  const calls: Readonly<Record<string, readonly [string, (party: Party) => Promise<unknown>]>> = {
    'a text as content': [
      'content: must be a Uint8Array (got string); encode a text with `new TextEncoder()`.',
      async (party) => await addRecord(party, { ...version, content: 'text' as never }),
    ],
    'no content': [
      'content: must be a Uint8Array (got undefined).',
      async (party) => await addRecord(party, { ...version, content: undefined as never }),
    ],
    'an unknown category': [
      'category: must be one of demographics, ',
      async (party) => await addRecord(party, { ...version, content, category: 'labs' as never }),
    ],
    'a name as handle': [
      'handle: must be 0x and 64 hexadecimal digits in lower case (got "anna").',
      async (party) => await readChart(party, { handle: 'anna' as never, purpose: 'PATRQT' }),
    ],
    'an unknown category of a right': [
      'categories: must be one of demographics, ',
      async (party) =>
        await grantRight(party, { ...right, categories: ['labs' as never], until: 1 }),
    ],
    'an unknown action': [
      'actions: must be one of read, add, amend (got "write").',
      async (party) => await grantRight(party, { ...right, actions: ['write' as never], until: 1 }),
    ],
    'a name as grantee': [
      'grantee: must be 0x and 40 hexadecimal digits in lower case (got "bob").',
      async (party) => await grantRight(party, { ...right, grantee: 'bob' as never, until: 1 }),
    ],
    'an unknown role': [
      'role: must be one of patient, doctor, nurse, ',
      async (party) => await enrol(party, { role: 'wizard' as never, organisation: 'hospital' }),
    ],
  };
  for (const [what, [message, call]] of Object.entries(calls)) {
    it(`that is ${what} is named, and no node is accused of it`, async () => {
      const [code, said] = await errorOf(call);
      assert.equal(code, 'ARGUMENT_INVALID');
      assert.ok(said.startsWith(message), said);
    });
  }

  it('in a stream is found as well', () => {
    assert.throws(() => requireArgument('bytes', 'piece', 'content'), /^MedsealError: content: /);
  });
});
