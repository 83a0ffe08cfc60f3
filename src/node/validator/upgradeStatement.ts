import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { upgradeText, type EngineUpgrade } from '../../protocol/network/engineUpgrade.ts';
import type { FolderValidatorKeys } from './validatorKeys.ts';

/** Begins what a validator signs about an upgrade. No vote or proposal begins like it. */
const PURPOSE = 'medseal engine upgrade';

/** A validator that signs statements: its keys, and the chain that it signs for. */
export interface StatementSigner {
  /** Name of the ledger's chain. */
  readonly chain: string;
  readonly keys: Pick<FolderValidatorKeys, 'key' | 'seeds'>;
  readonly primitives: Pick<Primitives, 'signEd25519'>;
}

/**
 * Makes a validator's statement that its node holds the program of an upgrade, in the one form that the engine takes. It is signed with the
 * key of the validator's blocks, over chain, block and plan.
 *
 * @param signer - The validator.
 * @param upgrade - The upgrade.
 * @param block - The newest block: a statement never takes the place of one with a higher number.
 */
export function upgradeStatement(
  { chain, keys, primitives }: StatementSigner,
  upgrade: EngineUpgrade,
  block: number,
): string {
  const plan = upgradeText(upgrade);
  const message = utf8ToBytes(`${PURPOSE}\n${chain}\n${block}\n${plan}`);
  const signature = bytesToHex(primitives.signEd25519(message, keys.seeds.validator));
  return `{"key":"${keys.key}","block":${block},"plan":${plan},"signature":"${signature}"}`;
}
