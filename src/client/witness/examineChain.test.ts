import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import {
  BEGIN,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import { batchView } from '../../protocol/evidence/batchView.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { SavedChain } from '../../protocol/evidence/evidence.ts';
import {
  formatEvidenceFile,
  parseEvidenceFile,
} from '../../protocol/evidence/parseEvidenceFile.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { addRecord } from '../records/addRecord.ts';
import type { Audit } from '../audit/Audit.ts';
import { chainBlocks } from './chainBlocks.ts';
import { examineAudit } from '../audit/examineAudit.ts';
import { examineChain, type ExaminedChain } from './examineChain.ts';
import { keepChain } from './keepChain.ts';
import { readChart } from '../records/readChart.ts';
import { lyingTo } from '../test/lyingTo.ts';

let network: TestNetwork;
let care: Care;
let audit: Audit;
let chain: SavedChain;

before(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
  const { doctor, handle, right, stranger } = care;
  const wanted = { handle, purpose: 'TREAT' } as const;
  await addRecord(doctor, {
    ...wanted,
    category: 'laboratory',
    grant: right.grant,
    content: utf8ToBytes('record'),
  });
  await assert.rejects(readChart(stranger, wanted), failsWith('RIGHT_MISSING'));
  // P1 ends a block six minutes after its first entry.
  network.clock.advance(360_000);
  await readChart(doctor, { ...wanted, grant: right.grant });
  const { agent } = care.patient;
  const covered: Partial<AgentPort> = {
    checkpoint: async (log) => {
      await network.checkpoint();
      return await agent.checkpoint(log);
    },
  };
  audit = await examineAudit(lyingTo(network, care.patient, covered));
  chain = keepChain(care.doctor, audit, await chainBlocks(network.ports.primitives, audit));
});
after(async () => await network.close());

/** Whoever is given the file, who knows nothing but the network file. */
async function examined(kept: SavedChain): Promise<ExaminedChain> {
  const { domain, primitives } = care.stranger;
  return await examineChain({ network: network.file, domain, primitives }, kept);
}

function faultsIn({ logs, blocks, faults }: ExaminedChain): readonly string[] {
  return [
    ...faults,
    ...blocks.flatMap((block) => block.faults),
    ...logs.flatMap((log) => log.faults),
  ];
}

describe('a patient’s chain', () => {
  it('is of blocks within P1’s limits, from the handle on, each naming the one before', () => {
    const [first, second] = chain.blocks;
    assert.equal(chain.blocks.length, 2);
    assert.deepEqual([first?.number, first?.previousHash], [1, care.handle]);
    assert.deepEqual([second?.number, second?.previousHash], [2, first?.hash]);
    assert.deepEqual([first?.timestamp, second?.timestamp], [BEGIN, BEGIN + 360]);
  });

  it('has the same headers as P1’s view over its entries', async () => {
    const events = audit.logs.flatMap((log) => log.events);
    const entries = events.map(({ entry, body, size }, index) => {
      return { index, entry, at: body?.at ?? 0, bodySize: size ?? 0 };
    });
    const roots: string[] = [];
    for await (const { header } of batchView(entries, network.ports.primitives)) {
      roots.push(header.merkleRoot);
    }
    assert.deepEqual(
      roots,
      chain.blocks.map(({ merkleRoot }) => merkleRoot),
    );
  });

  it('that was kept is found safe block by block with the network file alone', async () => {
    const parsed = parseEvidenceFile(utf8ToBytes(formatEvidenceFile(chain)));
    assert.ok(parsed.kind === 'chain');
    const found = await examined(parsed.chain);
    assert.deepEqual(faultsIn(found), []);
    assert.deepEqual(
      found.blocks.map(({ events, faults }) => [events.length, faults]),
      [
        [2, []],
        [2, []],
      ],
    );
    assert.equal(found.logs.find(({ log }) => log === 'care/hospital')?.complete, true);
  });

  it('names the block and the entry whose body, place or verdict was changed', async () => {
    const [part] = chain.parts;
    assert.ok(part);
    const [one, other] = part.entries;
    assert.ok(one?.body && other?.body);
    const swapped = part.entries.with(0, { ...one, body: other.body });
    const body = await examined({ ...chain, parts: [{ ...part, entries: swapped }] });
    assert.match(body.blocks[0]?.faults[0] ?? '', /^care\/hospital #0: /);
    assert.deepEqual(body.blocks[0]?.faults.at(-1), HEADER, 'its size is another too');
    assert.match(body.blocks[1]?.faults.join() ?? '', /^its header does not match/);

    const left = await examined({
      ...chain,
      parts: [{ ...part, entries: part.entries.toSpliced(1, 1) }],
    });
    assert.match(faultsIn(left).join('\n'), /3 entries are listed of 4: some were left out/);
    const moved = part.entries.map((entry, index) => ({ ...entry, index }));
    const order = await examined({
      ...chain,
      parts: [{ ...part, entries: [moved[1] ?? one, moved[0] ?? one, ...moved.slice(2)] }],
    });
    assert.match(faultsIn(order).join('\n'), /care\/hospital #0: it is out of order/);
    const headers = chain.blocks.with(0, { ...(chain.blocks[0] ?? assert.fail()), timestamp: 7 });
    assert.deepEqual(faultsIn(await examined({ ...chain, blocks: headers })), [HEADER]);
    const short = await examined({ ...chain, blocks: chain.blocks.slice(0, 1) });
    assert.deepEqual(faultsIn(short), ['1 blocks were kept, and its entries make 2']);
  });

  it('says plainly of which log nothing was kept', async () => {
    const found = await examined({ ...chain, parts: [], blocks: [] });
    assert.deepEqual(
      found.logs.map(({ unchecked }) => unchecked),
      audit.logs.map(() => ['what it holds: it was not kept']),
    );
  });

  it('is refused for another patient, for another request, or with a log twice', async () => {
    const reason = 'it does not belong to an audit by the patient';
    const other = { ...chain, handle: `0x${'11'.repeat(32)}` as const };
    await assert.rejects(examined(other), failsWith('EVIDENCE_INVALID', { reason }));
    const { acknowledgement } = await readChart(care.doctor, {
      handle: care.handle,
      grant: care.right.grant,
      purpose: 'TREAT',
    });
    const chart = { ...chain, acknowledgement };
    await assert.rejects(examined(chart), failsWith('EVIDENCE_INVALID', { reason }));
    const twice = await examined({ ...chain, parts: [...chain.parts, ...chain.parts] });
    assert.deepEqual(faultsIn(twice), ['a log is there twice']);
  });

  it('is found out whichever of its values is changed', async () => {
    const text = formatEvidenceFile(chain);
    let changed = 0;
    for (const path of pathsIn(chain)) {
      const copy = JSON.parse(text) as SavedChain;
      if (!change(copy, path)) continue;
      changed += 1;
      const found = await examined(copy).then(faultsIn, (error: unknown) => {
        failsWith('EVIDENCE_INVALID')(error);
        return ['none'];
      });
      assert.notDeepEqual(found, [], path.join('.'));
    }
    assert.ok(changed > 100);
  });
});

const HEADER = 'its header does not match its entries and the block before it';

/** Paths of every text and number of a value. */
function pathsIn(value: unknown): string[][] {
  if (typeof value !== 'object' || value === null) return [[]];
  return Object.entries(value).flatMap(([key, part]) =>
    pathsIn(part).map((rest) => [key, ...rest]),
  );
}

/** Changes the last character, or adds one; the format, which says only what the file is, is left. */
function change(root: unknown, path: readonly string[]): boolean {
  const name = path.at(-1) ?? '';
  if (name === 'format') return false;
  const parent = path.slice(0, -1).reduce((at, key) => (at as Record<string, unknown>)[key], root);
  const holder = parent as Record<string, unknown>;
  const before = holder[name];
  if (typeof before === 'number') holder[name] = before + 1;
  else holder[name] = `${String(before).slice(0, -1)}${String(before).endsWith('1') ? '2' : '1'}`;
  return true;
}
