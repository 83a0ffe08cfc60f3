import { writeFile } from 'node:fs/promises';
import { base64 } from '@scure/base';
import { bytesToHex } from '../../crypto/bytes.ts';
import { portablePrimitives } from '../../crypto/portablePrimitives.ts';
import { systemClock } from '../../folder/systemClock.ts';
import { connectJsonRpc } from '../../ledger/connectJsonRpc.ts';
import { addressOf, SECRETS } from '../../ledger/ledger.cases.ts';
import { signTransaction } from '../../ledger/signTransaction.ts';
import { engineMissing, startEngines } from '../../ledger/test/startEngines.ts';
import type { Address, Hex } from '../../protocol/ids.ts';
import { connectConsensus } from '../connectConsensus.ts';

/**
 * Runs four validators, has them carry out some transactions, and writes what one of them says into `vectors.json`:
 * `node src/consortium/test/writeVectors.ts`. Needed again only if the engine's version changes.
 */

/**
 * Puts 42 into slot 0. A call with two words writes the second into the slot of the first, and logs it under the first;
 * one with one word returns what is in its slot.
 */
const CREATION: Hex = `0x${[
  '602a600055602a80601060003960',
  '00f3',
  '36602014601d57',
  '60203560003555602035600052',
  '60003560206000a100',
  '5b6000355460005260206000f3',
].join('')}`;

const EVM_KEYS = '/store/evm/key';

type Json = Record<string, unknown>;

if (engineMissing !== undefined) throw new Error(engineMissing);
const [secret] = SECRETS;
const sender = addressOf(secret);
const network = await startEngines({ validators: 4, senders: [sender] });
const { engines, chain } = network;
try {
  const [engine] = engines;
  if (engine === undefined) throw new Error('no engine');
  const ledger = await connectJsonRpc({ url: engine.url, chainId: 4242, clock: systemClock });
  const consensus = connectConsensus({ url: engine.blocks, clock: systemClock }, 'cometbft');
  let nonce = 0;
  const send = async (data: Hex, gas = 500_000, to?: Address): Promise<Json> => {
    const fields = { chainId: 4242, nonce: nonce++, gas, fee: 0n, data };
    const transaction = signTransaction(
      { ...fields, ...(to === undefined ? {} : { to }) },
      secret,
      portablePrimitives,
    );
    const params = [bytesToHex(transaction)];
    return (await ledger.request({ method: 'eth_sendRawTransactionSync', params })) as Json;
  };
  const { contractAddress } = await send(CREATION);
  const contract = contractAddress as Address;
  const receipts = await Promise.all([
    send(`0x${word(5)}${word(0x1234)}`, 500_000, contract),
    send(`0x${word(6)}${word(7)}`, 500_000, contract),
    send(`0x${word(7)}${word(7)}`, 30_000, contract),
    send(`0x${word(8)}${'ff'.repeat(32)}`, 500_000, contract),
  ]);
  const height = Math.max(...receipts.map(({ blockNumber }) => Number(blockNumber)));
  // The next block has the root of the state, the one after it is there for good.
  while (Number(await ledger.request({ method: 'eth_blockNumber' })) < height + 2) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const answers: Json = {};
  const keep = async (method: string, params: Record<string, string | boolean>): Promise<Json> => {
    const answer = (await consensus.request(method, params)) as Json;
    answers[`${method} ${JSON.stringify(params)}`] = answer;
    return answer;
  };
  for (let number = 1; number <= height + 1; number++) {
    const asked = { height: String(number) };
    await keep('commit', asked);
    await keep('validators', { ...asked, page: '1', per_page: '100' });
    const { block } = (await keep('block', asked)) as { block: Json };
    answers[`block ${JSON.stringify(asked)}`] = { block: { data: block['data'] } };
    const results = await keep('block_results', asked);
    answers[`block_results ${JSON.stringify(asked)}`] = {
      txs_results: (results['txs_results'] as readonly Json[] | null)?.map((result) => ({
        ...result,
        events: [],
      })),
    };
  }
  const keys = Object.fromEntries(
    [0, 1, 5, 6, 7, 8, 99].map((slot) => [String(slot), `02${contract.slice(2)}${word(slot)}`]),
  );
  const proven: Json[] = [];
  for (const data of [...Object.values(keys), '00', 'ff', `04${contract.slice(2)}`]) {
    proven.push(
      await keep('abci_query', { path: EVM_KEYS, data, height: String(height), prove: true }),
    );
  }
  const { response } = proven.at(-1) as { readonly response: { readonly value: string } };
  const { value } = response;
  const codeHash = bytesToHex(base64.decode(value)).slice(2);
  await keep('abci_query', {
    path: EVM_KEYS,
    data: `01${codeHash}`,
    height: String(height),
    prove: true,
  });
  // EIP-2935's contract has the hashes of earlier blocks.
  for (let number = 1; number <= height; number++) {
    const data = `020000f90827f1c53a10cb7a02335b175320002935${word(number)}`;
    await keep('abci_query', { path: EVM_KEYS, data, height: String(height), prove: true });
  }
  const first = (await consensus.request('header', { height: '1' })) as {
    readonly header: { readonly time: string };
  };
  const validators = engines.map(({ key }) => ({ key, power: 10 }));
  const logs = await ledger.request({
    method: 'eth_getLogs',
    params: [{ fromBlock: '0x1', toBlock: `0x${height.toString(16)}` }],
  });
  const time = Math.floor(Date.parse(first.header.time) / 1000);
  const vectors = { chain, time, height, contract, validators, logs, answers };
  await writeFile(
    new URL('vectors.json', import.meta.url),
    `${JSON.stringify(vectors, null, 1)}\n`,
  );
} finally {
  await network.close();
}

function word(value: number): string {
  return value.toString(16).padStart(64, '0');
}
