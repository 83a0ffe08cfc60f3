import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import {
  readBegunOffice,
  readBegunStake,
  readOfficeReadyAt,
  readStakeReadyAt,
} from '../../bindings/readBegunChange.ts';
import { bytesToHex } from '../../crypto/bytes.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { ZERO32, type Bytes32, type Organisation } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { presentNodes } from '../../protocol/network/networkLookups.ts';
import { requestTypes } from '../../protocol/struct/requestTypes.ts';
import { hashStruct } from '../../protocol/struct/typedData.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import type { ComingChange } from '../home/comingChanges.ts';
import type { BEGUN_CHANGE } from './verifyAnswers.ts';

/** A change that the ledger has begun and not finished. */
export type PendingChange = Of<typeof BEGUN_CHANGE>;

const OFFICES = ['authority', 'coordinators'] as const;

/**
 * Reads the changes of offices and of validators' stakes that the ledger has begun and not finished, and finds the
 * published change that each belongs to. It asks of the stakes of the keys that the network file or such a change names.
 *
 * @param primitives - Hashes.
 * @param network - The network file in force.
 * @param ledger - The ledger.
 * @param coming - Changes that are published, verified.
 * @throws MedsealError of the ledger.
 */
export async function begunChanges(
  primitives: Primitives,
  network: NetworkFile,
  ledger: LedgerProvider,
  coming: readonly ComingChange[],
): Promise<readonly PendingChange[]> {
  const { contracts } = network;
  const begun: PendingChange[] = [];
  for (const office of OFFICES) {
    const hash = await readBegunOffice(ledger, contracts.registry, office);
    if (hash === ZERO32) continue;
    const readyAt = await readOfficeReadyAt(ledger, contracts.registry, office);
    begun.push({ what: office, readyAt, ...numberOf('OfficeChange', hash) });
  }
  const { validators } = contracts;
  if (validators === undefined) return begun;
  for (const [key, organisation] of keys()) {
    const readyAt = await readStakeReadyAt(ledger, validators, key);
    if (readyAt === 0) continue;
    const hash = await readBegunStake(ledger, validators, key);
    begun.push({ what: 'stake', organisation, key, readyAt, ...numberOf('StakeChange', hash) });
  }
  return begun;

  /** Number of the published change that has the message whose hash the ledger holds. */
  function numberOf(type: 'OfficeChange' | 'StakeChange', hash: Bytes32): { number?: number } {
    const found = coming.find(({ successor: { offices, stakes } }) =>
      (type === 'OfficeChange' ? offices : stakes).some(
        ({ message }) => bytesToHex(hashStruct(primitives, requestTypes, type, message)) === hash,
      ),
    );
    return found === undefined ? {} : { number: found.placed.number };
  }

  /** Validators' keys, and whose each is. */
  function keys(): ReadonlyMap<Bytes32, Organisation> {
    const files = [network, ...coming.map(({ after }) => after)];
    return new Map(
      files.flatMap(presentNodes).flatMap(({ organisation, validator }) => {
        return validator === undefined ? [] : [[validator.key, organisation] as const];
      }),
    );
  }
}
