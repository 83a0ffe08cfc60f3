import { erasedRows } from '../../../log/erasedRows.ts';
import { acknowledgedBy, submissionOf, uploaded, writeOf } from '../../../node/test/requests.ts';
import {
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../../node/test/testNetwork.ts';
import { parseBody } from '../../../protocol/evidence/parseBody.ts';
import type { Write } from '../../../protocol/struct/requests.ts';
import type { Contributor } from '../createContributor.ts';
import type { ContributorPort } from '../../ports.ts';

/** The log that is copied. */
export const LOG = 'care/hospital';
/** Encoding of its rows. */
export const VIEW = { keyEncoding: 'view', valueEncoding: 'view' } as const;

/** Runs a test on a network of its own. */
export async function onNetwork(
  test: (network: TestNetwork, care: Care) => Promise<void>,
): Promise<void> {
  const network = await startTestNetwork({ cared: true });
  try {
    await test(network, await startCare(network));
  } finally {
    await network.close();
  }
}

/** Writes so many records of bytes to the hospital's log; returns their files. */
export async function written(care: Care, count: number, length = 40): Promise<`0x${string}`[]> {
  const files: `0x${string}`[] = [];
  for (let made = 0; made < count; made++) {
    const file = await uploaded(care.doctor, care.doctor.random(length));
    await acknowledgedBy(care.doctor, submissionOf(care, 'Write', await writeOf(care, file)));
    files.push(file.file);
  }
  return files;
}

/** The hospital's contributor as the peers see it, changed where said. */
export function hospitalAs(network: TestNetwork, change: Partial<ContributorPort>): void {
  const real = network.services('hospital').contributor;
  network.liars.contributor.set('hospital', { ...real, ...change });
}

/** Lets a contributor hear of no checkpoint; it can still catch up. */
export function deaf(network: TestNetwork, organisation: string): Contributor {
  const { contributor } = network.services(organisation);
  network.liars.contributor.set(organisation, { ...contributor, notice: ignore });
  return contributor;
}

/** Keeps an organisation's coordinator from judging, for who judges a write holds its file. */
export function absent(network: TestNetwork, organisation: string): void {
  const { coordinator } = network.services(organisation);
  network.liars.coordinator.set(organisation, { ...coordinator, judge: unplugged });
}

/** Returns the number of entries that a contributor has of the log, by its newest checkpoint. */
export async function sizeAt(contributor: Contributor): Promise<number> {
  return (await contributor.latestCheckpoint(LOG))?.checkpoint.size ?? 0;
}

/** Returns the number of these files that a contributor holds. */
export async function logNamed(
  contributor: Contributor,
  files: readonly `0x${string}`[],
): Promise<number> {
  return (await contributor.stats(files)).length;
}

/** Erases a body of the hospital's log at the hospital. */
export async function eraseAtSource(network: TestNetwork, index: number): Promise<void> {
  const database = network.database('hospital', 'logs/hospital');
  for (const { key, value } of erasedRows(index, undefined)) {
    await database.put<Uint8Array, Uint8Array>(key, value, VIEW);
  }
}

/** The files that the writes of the hospital's log name. */
export async function filesIn(
  contributor: Contributor,
): Promise<{ file: `0x${string}`; size: number }[]> {
  const size = await sizeAt(contributor);
  const entries = await contributor.read({ log: LOG, from: 0, to: size });
  return entries
    .map(({ body = '' }) => parseBody(body).request)
    .flatMap(({ type, message }) => (type === 'Write' ? [message as Write] : []));
}

/** Other bytes, as many. */
export function damaged(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => byte ^ 1);
}

/** Lets everything happen that needs no more time. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}

/** Fails like a service that is not there. */
export async function unplugged(): Promise<never> {
  return await Promise.reject(new Error('unplugged'));
}

async function ignore(): Promise<void> {
  await Promise.resolve();
}
