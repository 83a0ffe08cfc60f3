import { isDeepStrictEqual } from 'node:util';
import { recordedFetch, recordedNetwork, vectors } from '../../../src/consortium/test/vectors.ts';
import { connectVerifiedLedger } from '../../../src/ledger/proven/connectVerifiedLedger.ts';
import { TargetFault, type OpenTarget } from '../FuzzTarget.ts';
import { mutateBytes } from '../mutateBytes.ts';
import { mutateJson } from '../mutateJson.ts';

const { time, contract, logs } = vectors;
const slot = (number: number): string => `0x${number.toString(16).padStart(64, '0')}`;
const everything = { address: contract, fromBlock: '0x0', toBlock: 'latest' };
const QUESTIONS: readonly (readonly [string, ...unknown[]])[] = [
  ['eth_blockNumber'],
  ['eth_getBlockByNumber', 'latest', false],
  ['eth_getLogs', everything],
  ['eth_getTransactionReceipt', logs[0]?.['transactionHash']],
  ['eth_getStorageAt', contract, '0x5', 'latest'],
  ['eth_getCode', contract, 'latest'],
  ['eth_call', { to: contract, data: slot(5) }, 'latest'],
];

/** Asks what was recorded. */
async function ask(
  [method, ...params]: readonly [string, ...unknown[]],
  fetch: typeof globalThis.fetch,
): Promise<unknown> {
  let now = (time + 60) * 1000;
  const clock = {
    now: () => now,
    after: (milliseconds: number, run: () => void) => {
      // Only the next block is waited for; an answer comes at once.
      if (milliseconds > 1000) return () => undefined;
      now += 10_000;
      const timer = setImmediate(run);
      return () => clearImmediate(timer);
    },
  };
  const network = recordedNetwork;
  const ledger = await connectVerifiedLedger({
    url: 'http://ledger.test',
    clock,
    fetch,
    network,
  });
  return await ledger.request({ method, params });
}

/** Answers of a consortium's validator that somebody alters: a reader that verifies gets the truth, or an error. */
export const openProvenLedgerTarget: OpenTarget = async () => {
  const truth = await Promise.all(
    QUESTIONS.map(async (asked) => await ask(asked, recordedFetch())),
  );
  return {
    async enter(dice, note) {
      const place = dice.between(0, QUESTIONS.length - 1);
      const asked = QUESTIONS[place] ?? ['eth_blockNumber'];
      let calls = 0;
      const altered = dice.between(1, 16);
      const honest = recordedFetch();
      const fetch: typeof globalThis.fetch = async (url, options) => {
        const response = await honest(url, options);
        calls += 1;
        if (calls < altered || (calls > altered && dice.chance(0.9))) return response;
        const text = await response.text();
        const sent = dice.chance(0.2)
          ? mutateBytes(dice, Buffer.from(text))
          : mutateJson(dice, JSON.parse(text));
        note(sent);
        return new Response(sent as string);
      };
      const told = await ask(asked, fetch);
      // An endpoint can say that it knows no such transaction.
      const withheld = told === null && asked[0] === 'eth_getTransactionReceipt';
      if (!withheld && !isDeepStrictEqual(told, truth[place])) {
        throw new TargetFault(`${asked[0]}: ${JSON.stringify(told)}`);
      }
    },
  };
};
