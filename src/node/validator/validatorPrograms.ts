import type { Organisation } from '../../protocol/ids.ts';
import { isSameUpgrade, type EngineUpgrade } from '../../protocol/network/engineUpgrade.ts';
import type { OperatorUpgrade } from '../../protocol/operator/OperatorPort.ts';
import { presentNodes } from '../../protocol/network/networkLookups.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { Presence } from './Presence.ts';
import type { EngineProgram, ProgramsTold } from './ProgramsTold.ts';

/**
 * Returns the programs of the validators that a network file names, as far as that of one organisation is connected with them: each proves its
 * name to the others and says its program.
 *
 * @param network - The network file.
 * @param organisation - That organisation.
 * @param told - The report of its engine.
 */
export function validatorPrograms(
  network: NetworkFile,
  organisation: Organisation,
  { program, others }: ProgramsTold,
): Readonly<Record<Organisation, EngineProgram>> {
  return Object.fromEntries(
    presentNodes(network).flatMap(({ organisation: name, validator }) => {
      if (name === organisation) return [[name, program]];
      const other = others.find(({ node }) => node === validator?.node);
      if (other === undefined) return [];
      const { version, sha256, platform } = other;
      return [[name, { version, sha256, platform }]];
    }),
  );
}

/**
 * Returns the state of the newest upgrade that a network file names: before its block it is `pending`; there the ledger decides that it
 * is `in force`, or that it `lapsed`.
 *
 * @param upgrade - The upgrade; undefined if none was named.
 * @param presence - State of this organisation’s validator.
 * @param told - The report of its engine.
 */
export function upgradeState(
  upgrade: EngineUpgrade | undefined,
  { height }: Pick<Presence, 'height'>,
  { upgrades: { inForce, lapsed, statements } }: Pick<ProgramsTold, 'upgrades'>,
): OperatorUpgrade | undefined {
  if (upgrade === undefined) return undefined;
  if (isSameUpgrade(upgrade, inForce)) return { ...upgrade, stands: 'in force' };
  if (upgrade.height > height + 1) {
    const stated = statements
      .filter(({ plan }) => isSameUpgrade(upgrade, plan))
      .map((each) => each.organisation);
    return { ...upgrade, stands: 'pending', stated };
  }
  const isKnown = lapsed !== undefined && isSameUpgrade(upgrade, lapsed.plan);
  return { ...upgrade, stands: 'lapsed', stated: isKnown ? lapsed.stated : [] };
}
