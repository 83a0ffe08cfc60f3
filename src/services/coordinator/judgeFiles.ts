import { MedsealError } from '../../errors/MedsealError.ts';
import type { Bytes32, LogName } from '../../protocol/ids.ts';
import { releaseKeyOf } from '../../protocol/release/releaseKeyOf.ts';
import type { Write } from '../../protocol/struct/requests.ts';
import type { HeldFiles } from '../contributor/holdFiles.ts';
import { dueEpoch } from '../dueEpoch.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import type { AgreedBodies } from './AgreedBodies.ts';
import type { CoordinatorOptions } from './CoordinatorOptions.ts';

/** Sources that writes are judged by. */
type FileSources = Pick<CoordinatorOptions, 'contributor' | 'deposits' | 'guarded'>;

/**
 * Refuses writes whose files the organisation does not hold, once it has fetched what it can, or that a release would not
 * open.
 *
 * @param context - The organisation's context.
 * @param sources - The organisation's files and deposits.
 * @param log - The log that the bodies are for.
 * @param bodies - Those that are agreed to so far.
 */
export async function judgeFiles(
  context: ServiceContext,
  sources: FileSources,
  log: LogName,
  bodies: AgreedBodies,
): Promise<void> {
  const wanted = writesOf(bodies).map(({ file, size }) => ({ hash: file, size }));
  const files = await sources.contributor.hold(wanted, log);
  const guarded = await guardedFiles(context, sources, log, bodies, files);
  await bodies.narrow(async ({ write, at }) => {
    if (write === undefined) return;
    const size = files.sizes.get(write.file);
    if (size === undefined)
      throw files.failures.get(write.file) ?? new MedsealError('FILE_ABSENT', {});
    if (size !== write.size) throw new MedsealError('FILE_MISMATCH', {});
    if (guarded?.has(write.file) === false) throw new MedsealError('SEAL_UNGUARDED', {});
    // A right may have ended while the file came.
    await requireEpoch(context, sources, write, at);
  });
}

/**
 * Requires that a write is sealed to the epoch that is due.
 *
 * @throws MedsealError `EPOCH_DUE`.
 */
export async function requireEpoch(
  { index }: ServiceContext,
  { deposits }: Pick<FileSources, 'deposits'>,
  { handle, epoch }: Write,
  at: number,
): Promise<void> {
  const due = await dueEpoch({ index, deposits }, handle, at);
  if (due > epoch) throw new MedsealError('EPOCH_DUE', { epoch: due });
}

/** The held files that open by a release for the version that names them; undefined if the channel has no release key. */
async function guardedFiles(
  { network }: ServiceContext,
  { guarded }: Pick<FileSources, 'guarded'>,
  log: LogName,
  bodies: AgreedBodies,
  { sizes }: HeldFiles,
): Promise<ReadonlySet<Bytes32> | undefined> {
  const key = releaseKeyOf(network, log);
  if (key === undefined || guarded === undefined) return undefined;
  const versions = writesOf(bodies).filter(({ file, size }) => sizes.get(file) === size);
  return await guarded.among(key, versions);
}

function writesOf(bodies: AgreedBodies): readonly Write[] {
  return bodies.all.flatMap(({ write }) => write ?? []);
}
