import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { encodeAbiParameters, encodeEventTopics, getAddress, toFunctionSelector } from 'viem';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { consentAbi } from './generated/consentAbi.ts';
import { evidenceAbi } from './generated/evidenceAbi.ts';
import { registryAbi } from './generated/registryAbi.ts';
import { readEvents } from './readEvents.ts';

const abi = [...registryAbi, ...consentAbi, ...evidenceAbi];
const eventItems = abi.filter((item) => item.type === 'event');
const errorNames = abi.filter((item) => item.type === 'error').map(({ name }) => name);

const hexOf = (bytes: number): fc.Arbitrary<`0x${string}`> =>
  fc
    .uint8Array({ minLength: bytes, maxLength: bytes })
    .map((value) => `0x${Buffer.from(value).toString('hex')}` as const);
const integer = fc.nat({ max: Number.MAX_SAFE_INTEGER });

function log(fields: object): object {
  return {
    address: `0x${'AB'.repeat(20)}`,
    topics: [],
    data: '0x',
    blockNumber: '0x10',
    transactionHash: `0x${'CD'.repeat(32)}`,
    logIndex: '0x2',
    ...fields,
  };
}

describe('readEvents', () => {
  it('reads a grant as its log has it', () => {
    const topics = [
      '0x3f0ab9f6c6ca68577510dc3794f3bdaec9d60a4b01ff39e6cae79a4a7e70d3b5',
      `0x${'11'.repeat(32)}`,
      `0x${'22'.repeat(32)}`,
    ];
    assert.deepEqual(readEvents([log({ topics })]), [
      {
        kind: 'Granted',
        contract: `0x${'ab'.repeat(20)}`,
        block: 16,
        transaction: `0x${'cd'.repeat(32)}`,
        logIndex: 2,
        handle: `0x${'11'.repeat(32)}`,
        grant: `0x${'22'.repeat(32)}`,
      },
    ]);
  });

  for (const item of eventItems) {
    it(`reads what an encoder written by others makes of ${item.name}`, () => {
      const values = item.inputs.map(({ name, type }): fc.Arbitrary<unknown> => {
        if (name === 'office') return fc.constant(OFFICE_HASH);
        if (name === 'reason') return hexOf(4);
        if (type === 'address') return hexOf(20);
        if (type === 'bytes32') return hexOf(32);
        return type === 'uint8' ? fc.nat({ max: 255 }) : integer;
      });
      fc.assert(
        fc.property(fc.tuple(...values), (drawn) => {
          const solidity = drawn.map((value, place) =>
            forSolidity(value, item.inputs[place]?.type),
          );
          const byName = Object.fromEntries(
            item.inputs.map(({ name }, place) => [name, solidity[place]]),
          );
          const topics = encodeEventTopics({
            abi: [item],
            eventName: item.name,
            args: byName,
          });
          const plain = item.inputs.filter((input) => !('indexed' in input));
          const data = encodeAbiParameters(plain, plain.map(({ name }) => byName[name]) as never);
          const [event] = readEvents([log({ topics, data })]);
          const expected: Record<string, unknown> = Object.fromEntries(
            item.inputs.map(({ name }, place) => [name, drawn[place]]),
          );
          if ('office' in expected) expected['office'] = 'authority';
          if ('reason' in expected) {
            expected['error'] = expected['reason'];
            delete expected['reason'];
          }
          assert.partialDeepStrictEqual(event, { kind: item.name, ...expected });
        }),
        { numRuns: 50 },
      );
    });
  }

  it('names every error of the contracts by its selector', () => {
    for (const name of errorNames) {
      const data = toFunctionSelector(`${name}()`).padEnd(66, '0');
      const topics = encodeEventTopics({
        abi: consentAbi,
        eventName: 'Refused',
        args: { index: 7n },
      });
      assert.partialDeepStrictEqual(readEvents([log({ topics, data })]), [
        { kind: 'Refused', index: 7, error: name },
      ]);
    }
  });

  it('leaves out logs of other contracts', () => {
    assert.deepEqual(readEvents([log({ topics: [`0x${'99'.repeat(32)}`] }), log({})]), []);
  });

  const granted = encodeEventTopics({ abi: consentAbi, eventName: 'Granted' });
  const topics = [...granted, `0x${'11'.repeat(32)}`, `0x${'22'.repeat(32)}`];
  const spoilt: Readonly<Record<string, unknown>> = {
    'an object': {},
    'a list of null': [null],
    'a log without topics': [{ ...log({ topics }), topics: undefined }],
    'a log with a topic too few': [log({ topics: topics.slice(0, 2) })],
    'a log with a short topic': [log({ topics: [...granted, '0x11', '0x22'] })],
    'a log with data that is not text': [log({ topics, data: 7 })],
    'a log of no block': [log({ topics, blockNumber: null })],
    'a log with a block beyond the safe integers': [
      log({ topics, blockNumber: `0x${'f'.repeat(16)}` }),
    ],
    'a log of no transaction': [log({ topics, transactionHash: '0x' })],
    'a log of no contract': [log({ topics, address: '0x12' })],
    'an event cut short': [
      log({
        topics: encodeEventTopics({ abi: evidenceAbi, eventName: 'Checkpointed' }).concat(
          `0x${'11'.repeat(32)}`,
        ),
        data: `0x${'00'.repeat(40)}`,
      }),
    ],
  };
  for (const [what, logs] of Object.entries(spoilt)) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => readEvents(logs),
        (error) => isMedsealError(error, 'PEER_MALFORMED'),
      );
    });
  }
});

/** Keccak-256 of `authority`. */
const OFFICE_HASH = '0x99c1c38eac834ff0739c6bef668c9d782515721acbd2be074e3c08ecc2d18277';

function forSolidity(value: unknown, type: string | undefined): unknown {
  if (type === 'uint8') return value;
  if (typeof value === 'number') return BigInt(value);
  return type === 'address' ? getAddress(value as string) : value;
}
