import { bytesToHex } from '../../crypto/bytes.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { rootOf } from '../../crypto/merkle/rootOf.ts';
import { BINARY_VALUES, SYNCED } from '../../database/synced.ts';
import type { LogIdentity } from '../../protocol/network/NetworkFile.ts';
import { sign } from '../../protocol/struct/signing.ts';
import type { Judgement } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import type { AgreedBodies } from './AgreedBodies.ts';
import type { Answers, RememberedVerdict } from './Answers.ts';
import type { Claim, Claims } from './Claims.ts';
import { bodyKey } from './coordinatorKeys.ts';
import type { CoordinatorOptions } from './CoordinatorOptions.ts';
import type { DueRow } from './coordinatorRows.ts';
import type { DueBodies } from './DueBodies.ts';
import { dueBytes } from './dueBytes.ts';
import type { ExaminedBody } from './examineBody.ts';
import type { JudgedErasures } from './JudgedErasures.ts';
import { pairRows } from './pairRows.ts';

/** Seconds after the moment until which the log must hold the judged entries. */
export const INCLUSION_WINDOW = 60;

/** Promises of a coordinator, which it cannot give otherwise. */
export interface Promises {
  /** Claims that only one entry can have. */
  readonly claims: Claims;
  /** Its answers to requests. */
  readonly answers: Answers;
  /** Bodies that it keeps until a log holds them. */
  readonly due: DueBodies;
  /** Erasures that it knows of. */
  readonly erasures: JudgedErasures;
}

/** Promises that follow from bodies of an array, by the place of each; a body that was refused since has none. */
export interface TakenPromises {
  readonly claimed: ReadonlyMap<number, readonly Claim[]>;
  readonly answered: readonly { readonly place: number; readonly answer: RememberedVerdict }[];
}

/**
 * Keeps the bodies that are agreed to and the promises that follow from them, durably; then signs over them.
 *
 * @param context - The organisation's context.
 * @param options - The coordinator's.
 * @param promises - Its promises.
 * @param log - The log that must hold the bodies.
 * @param bodies - The array.
 * @param taken - Promises that were taken for it.
 */
export async function promiseBodies(
  context: ServiceContext,
  options: Pick<CoordinatorOptions, 'database' | 'bodies' | 'key' | 'logs'>,
  { claims, answers, due, erasures }: Promises,
  log: LogIdentity,
  bodies: AgreedBodies,
  { claimed, answered }: TakenPromises,
): Promise<Judgement> {
  const { index, primitives } = context;
  const refused = bodies.refused();
  const agreed = bodies.all;
  if (agreed.length === 0) return { refused };
  const lists = (await pairRows(options, agreed)).map((row) => ({ ...row, ...BINARY_VALUES }));
  // A clock that lags behind the ledger would give promises that are over already.
  const at = index.moment;
  const includeBy = at + INCLUSION_WINDOW;
  for (const { erase } of agreed) if (erase !== undefined) erasures.note({ erase, includeBy });
  const kept = agreed.map(({ entry, bytes }) => {
    const key = bodyKey(bytesToHex(entry));
    return { key, value: options.bodies.seal(0, bytes), ...BINARY_VALUES };
  });
  const promised = bodies.placed.flatMap(([place]) => claimed.get(place) ?? []);
  const said = answered.filter(({ place }) => bodies.has(place));
  const rows = [
    ...kept,
    ...lists,
    ...promised.map((claim) => claims.row(claim, includeBy)),
    ...said.map(({ answer }) => answers.row(answer, includeBy)),
    due.row({ log: log.name, includeBy, ...dueOf(agreed) }),
  ];
  const changes = rows.map((row) => ({ type: 'put' as const, ...row }));
  await options.database.batch<string, string | Uint8Array>(changes, SYNCED);
  const leaves = agreed.map(({ entry }) => leafHash(primitives, entry));
  const root = bytesToHex(rootOf(primitives, leaves));
  const verdict = { kind: bodies.kind, log: log.id, size: leaves.length, root, at, includeBy };
  const { party, signature } = sign(context, options.key, 'Verdict', verdict);
  return { refused, verdict: { verdict, coordinator: party, signature } };
}

/** The part of a row that notes which bodies a log must hold. */
function dueOf(agreed: readonly ExaminedBody[]): Pick<DueRow, 'bytes' | 'bodies'> {
  const bodies = agreed.map(({ entry: hash, answer, at: moment, erase }) => {
    const entry = bytesToHex(hash);
    // A summary answers nobody, and is found by itself.
    const { request, deadline } = answer ?? { request: entry, deadline: moment };
    return { entry, request, deadline, ...(erase && { erases: true }) };
  });
  const sizes = agreed.map(({ bytes, pairs = [] }) => dueBytes(bytes.length, pairs.length));
  return { bytes: sizes.reduce((sum, size) => sum + size, 0), bodies };
}
