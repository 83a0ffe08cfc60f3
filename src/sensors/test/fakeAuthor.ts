import { bytesToHex } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { readingsDigest } from '../../protocol/sensors/readingsDigest.ts';
import { primitives } from '../../protocol/test/sampleNetwork.ts';
import type {
  BatchToPrepare,
  DeviceRightFound,
  ReadingsAuthor,
} from '../gateway/ReadingsAuthor.ts';

/** A gateway's party before an invented node, which puts a batch on the log once. */
export interface FakeAuthor extends ReadingsAuthor {
  /** Batches on the log, in their order. */
  readonly entered: readonly Bytes32[];
  /** All requests that came, by batch: a repeat must be the same bytes. */
  readonly requests: ReadonlyMap<Bytes32, ReadonlySet<string>>;
}

/** Answers in place of the node's own: errors for a batch, as long as it gives one. */
export interface FakeFaults {
  readonly rights: () => readonly DeviceRightFound[];
  readonly onPrepare?: (batch: BatchToPrepare) => MedsealError | undefined;
  readonly onSubmit?: (digest: Bytes32) => MedsealError | undefined;
  /** Thrown instead of all answers, after the node took what it could. */
  readonly onAnswer?: () => MedsealError | undefined;
}

/** Makes such an author. */
export function fakeAuthor(faults: FakeFaults): FakeAuthor {
  const entered: Bytes32[] = [];
  const requests = new Map<Bytes32, Set<string>>();
  let salt = 0;
  return {
    entered,
    requests,
    gatherKeys: async () =>
      await Promise.reject(new MedsealError('PEER_UNREACHABLE', { peer: 'node' })),
    findRights: async () => await Promise.resolve(faults.rights()),
    async prepare(batch) {
      await Promise.resolve();
      const error = faults.onPrepare?.(batch);
      if (error) throw error;
      const digest = readingsDigest(primitives, batch.message.header);
      const seal = bytesToHex(primitives.sha256(batch.bytes));
      return `${digest} ${seal} ${++salt}`;
    },
    async submit(prepared) {
      await Promise.resolve();
      const answers = prepared.map((request) => {
        const digest = request.split(' ')[0] as Bytes32;
        requests.set(digest, (requests.get(digest) ?? new Set()).add(request));
        const error = faults.onSubmit?.(digest);
        if (error) return error;
        if (!entered.includes(digest)) entered.push(digest);
        return { log: 'care/hospital', index: entered.indexOf(digest) };
      });
      const lost = faults.onAnswer?.();
      if (lost) throw lost;
      return answers;
    },
  };
}
