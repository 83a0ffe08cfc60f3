import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bytesToHex } from '../../crypto/bytes.ts';
import { portableSha256 } from '../../crypto/portableSha256.ts';
import { collectBytes } from '../../crypto/sealing/collectBytes.ts';
import {
  behind,
  everything,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { addRecord } from './addRecord.ts';
import { grantRight } from '../rights/grantRight.ts';
import type { LoggedVersion } from './logVersion.ts';
import type { Party } from '../party/Party.ts';
import { readChart } from './readChart.ts';
import { streamRecord } from './readRecord.ts';
import { revokeRight } from '../rights/revokeRight.ts';
import type { RecordContent } from './sealVersion.ts';
import { memorySpool, type Spool } from '../party/Spool.ts';

const PIECE = 1_000_003;
const PIECES = 9;
let network: TestNetwork;
let care: Care;

before(async () => {
  network = await startTestNetwork({ seed: 'streams' });
  care = await startCare(network);
});
after(async () => await network.close());

/** Nine megabytes, more than is held in memory, in pieces that fit no chunk. */
async function* pieces(fails = false): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < PIECES; index++) {
    yield new Uint8Array(PIECE).fill(index);
    if (fails && index === 4) throw new Error('the scanner was unplugged');
  }
  await Promise.resolve();
}

async function hashOf(content: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = portableSha256();
  for await (const piece of content) hash.update(piece);
  return bytesToHex(hash.digest());
}

/** Notes what goes through a spool. */
function watched(): Spool & { filled: number; open: number } {
  const spool = {
    filled: 0,
    open: 0,
    async fill(content: AsyncIterable<Uint8Array>) {
      const spooled = await memorySpool.fill(content);
      spool.filled += 1;
      spool.open += 1;
      return {
        read: () => spooled.read(),
        async discard() {
          spool.open -= 1;
          await spooled.discard();
        },
      };
    },
  };
  return spool;
}

async function add(content: RecordContent, author: Party = care.doctor): Promise<LoggedVersion> {
  const { handle, right } = care;
  const version = { handle, category: 'imaging', content, purpose: 'TREAT' } as const;
  return await addRecord(author, { ...version, grant: right.grant });
}

async function streamed(reader: Party, added: LoggedVersion): Promise<AsyncIterable<Uint8Array>> {
  const { handle, right } = care;
  const chart = await readChart(reader, { handle, grant: right.grant, purpose: 'TREAT' });
  const listed = chart.records.find(({ record }) => record === added.record);
  assert.ok(listed);
  return (await streamRecord(reader, chart, listed)).content;
}

describe('a record that is streamed', () => {
  it('is not added where the stream breaks', async () => {
    const uploads: number[] = [];
    const watching = behind(care.doctor, {
      upload: async ({ message }) => await Promise.resolve(void uploads.push(message.size)),
    });
    const broken = add(() => pieces(true), watching);
    await assert.rejects(broken, /the scanner was unplugged/);
    assert.deepEqual(uploads, []);
  });

  it('gives nothing if any byte of the file was altered, wherever it is', async () => {
    const added = await add(() => pieces());
    const { size } = (
      JSON.parse(added.acknowledgement.body) as { request: { message: { size: number } } }
    ).request.message;
    for (const at of [0, 30, 1200, size >> 1, size - 1]) {
      const spool = watched();
      const altering = behind(
        { ...care.doctor, spool },
        { download: (ticket, hash) => altered(care.doctor.agent.download(ticket, hash), at) },
      );
      await assert.rejects(streamed(altering, added), failsWith('FILE_MISMATCH'));
      assert.equal(spool.filled, 0);
    }
  });

  it('gives nothing of a file that is cut short or longer than its entry says', async () => {
    const added = await add(() => pieces());
    for (const change of [-1, 1]) {
      const altering = behind(care.doctor, {
        download: (ticket, hash) => resized(care.doctor.agent.download(ticket, hash), change),
      });
      await assert.rejects(streamed(altering, added), failsWith('FILE_MISMATCH'));
    }
  });

  it('comes back as it was, and leaves nothing in the spool', async () => {
    const [out, into] = [watched(), watched()];
    const added = await add(() => pieces(), { ...care.doctor, spool: out });
    const content = await streamed({ ...care.doctor, spool: into }, added);
    assert.equal(into.open, 1);
    assert.equal(await hashOf(content), await hashOf(pieces()));
    assert.deepEqual([out.filled, out.open, into.filled, into.open], [1, 0, 1, 0]);
  });

  it('leaves nothing in the spool where its reader stops early', async () => {
    const spool = watched();
    const added = await add(() => pieces());
    for await (const piece of await streamed({ ...care.doctor, spool }, added)) {
      assert.ok(piece.length > 0);
      break;
    }
    assert.equal(spool.open, 0);
  });

  it('is streamed again where the patient’s keys turn before it is on the log', async () => {
    const { patient, stranger } = care;
    const other = await grantRight(patient, everything(stranger));
    let begun = 0;
    const turning = behind(care.doctor, {
      upload: async (request, content) => {
        await care.doctor.agent.upload(request, content);
        if (begun === 1) await revokeRight(patient, other.digest);
      },
    });
    const added = await add(() => {
      begun += 1;
      return pieces();
    }, turning);
    assert.equal(begun, 2);
    const content = await collectBytes(await streamed(care.doctor, added));
    assert.equal(content.length, PIECE * PIECES);
  });
});

async function* altered(
  content: AsyncIterable<Uint8Array>,
  at: number,
): AsyncGenerator<Uint8Array> {
  let passed = 0;
  for await (const piece of content) {
    const place = at - passed;
    passed += piece.length;
    yield place >= 0 && place < piece.length ? piece.with(place, (piece[place] ?? 0) ^ 1) : piece;
  }
}

async function* resized(
  content: AsyncIterable<Uint8Array>,
  change: number,
): AsyncGenerator<Uint8Array> {
  const whole = await collectBytes(content);
  if (change < 0) yield whole.subarray(0, change);
  else yield* [whole, new Uint8Array(change)];
}
