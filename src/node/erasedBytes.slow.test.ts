import assert from 'node:assert/strict';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { certifyErasure } from '../client/audit/certifyErasure.ts';
import { eraseKeys } from '../client/epochs/eraseKeys.ts';
import { addRecord } from '../client/records/addRecord.ts';
import { collectBytes } from '../crypto/sealing/collectBytes.ts';
import { parseBody } from '../protocol/evidence/parseBody.ts';
import { ZERO32, type Bytes32 } from '../protocol/ids.ts';
import type { Write } from '../protocol/struct/requests.ts';
import type { Category } from '../protocol/vocabulary.ts';
import { openOwnChart } from './test/openOwnChart.ts';
import { scratchFolder } from './test/scratchFolder.ts';

const ORGANISATIONS = ['hospital', 'laboratory', 'insurer'] as const;

let root: string;
before(async () => {
  root = await scratchFolder();
});
after(async () => await rm(root, { recursive: true }));

/** Tells in which files of an organisation's folder a piece of something lies: databases, stores and rooms of files that arrive. */
async function filesWith(
  organisation: string,
  pieces: readonly Buffer[],
): Promise<readonly string[]> {
  const folder = join(root, 'node', organisation);
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const named = found
    .filter((each) => each.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const hits = named.map(async (path) => {
    const bytes = await readFile(path).catch(() => Buffer.alloc(0));
    return pieces.some((piece) => bytes.includes(piece)) ? [path.slice(folder.length + 1)] : [];
  });
  return (await Promise.all(hits)).flat();
}

/** Pieces of bytes, from their beginning, their middle and their end. */
function piecesOf(bytes: Uint8Array, length = 24): readonly Buffer[] {
  const places = [0.3, 0.5, 0.9].map((part) => Math.floor(part * (bytes.length - length)));
  return places.map((place) => Buffer.from(bytes.subarray(place, place + length)));
}

describe('erased bytes on the disks of all organisations', () => {
  // @attack a thief of a disk looks for erased records in deleted rows of databases, stores and staging rooms | once the organisation stated that they are destroyed, no file has a piece
  it('are in no file once each organisation has stated that it destroyed them', async () => {
    const { network, patient, handle } = await openOwnChart(root, 'a5'.repeat(32));
    try {
      const add = async (category: Category, size: number): Promise<Bytes32> => {
        const content = patient.random(size);
        const { acknowledgement } = await addRecord(patient, {
          handle,
          category,
          content,
          purpose: 'PATRQT',
        });
        return (parseBody(acknowledgement.body).request.message as Write).file;
      };
      const erased = [
        await add('imaging', 20_000),
        await add('imaging', 2_000),
        await add('imaging', 300),
      ];
      const kept = [await add('laboratory', 20_000), await add('laboratory', 2_000)];
      await network.handOver();
      for (const contributor of network.contributors.values()) {
        await contributor.catchUp();
        await contributor.filesTried();
      }
      const hospital = network.contributors.get('hospital') ?? assert.fail();
      const sealed = async (files: readonly Bytes32[]): Promise<readonly Buffer[]> => {
        const all = files.map(async (file) => piecesOf(await collectBytes(hospital.file(file))));
        return (await Promise.all(all)).flat();
      };
      const [gone, stays] = [await sealed(erased), await sealed(kept)];
      const { sealed: state = '' } = await hospital.state({ handle, nonce: ZERO32 });
      const salts = piecesOf(Buffer.from(state), 16);
      for (const name of ORGANISATIONS) {
        assert.notDeepEqual(
          await filesWith(name, gone),
          [],
          `${name}: the search finds what is there`,
        );
        assert.notDeepEqual(
          await filesWith(name, salts),
          [],
          `${name}: the search finds the state`,
        );
      }
      await eraseKeys(patient, 'imaging');
      await network.handOver();
      const { unstated, proven } = await certifyErasure(patient, 'imaging');
      assert.deepEqual([unstated, proven.versions.length, proven.silent], [[], 3, []]);
      for (const name of ORGANISATIONS) {
        assert.deepEqual(await filesWith(name, gone), [], name);
        assert.deepEqual(await filesWith(name, salts), [], `${name}: the state with the salts`);
        assert.notDeepEqual(await filesWith(name, stays), [], `${name} keeps the others`);
      }
    } finally {
      await network.close();
    }
  });
});
