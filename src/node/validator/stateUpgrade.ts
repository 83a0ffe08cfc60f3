import type { Primitives } from '../../crypto/Primitives.ts';
import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import type { Sender } from '../../ledger/openSender.ts';
import type { Address } from '../../protocol/ids.ts';
import { isSameUpgrade, type EngineUpgrade } from '../../protocol/network/engineUpgrade.ts';
import type { Logger } from '../operate/Logger.ts';
import { contractsOfCodes } from './contractsOfCodes.ts';
import type { ProgramsTold } from './ProgramsTold.ts';
import type { ValidatorProcess } from './superviseValidator.ts';

/** Address at which the engine hears statements: the words `medseal.upgrades`. */
export const UPGRADES: Address = `0x${Buffer.from('medseal.upgrades').toString('hex').padStart(40, '0')}`;

/** Options of `stateUpgrade`. */
export interface StateOptions {
  readonly validator: Pick<
    ValidatorProcess,
    'key' | 'pid' | 'presence' | 'programs' | 'state' | 'told'
  >;
  /** The newest upgrade that a signed network file names. */
  readonly upgrade: EngineUpgrade | undefined;
  /** The organisation's account. Any other would do, for the validator signs. */
  readonly sender: Pick<Sender, 'send'>;
  readonly primitives: Pick<Primitives, 'keccak256'>;
  readonly log: Pick<Logger, 'info'>;
}

/**
 * States on the ledger, by the validator's signature, that the organisation holds the program of an upgrade, and creates contracts by
 * the codes that it names, as soon as it does. Safe to repeat.
 *
 * @param options - The validator, the upgrade, and the account that sends it.
 * @throws MedsealError of the ledger.
 */
export async function stateUpgrade(options: StateOptions): Promise<void> {
  const { validator, upgrade, sender, primitives, log } = options;
  const { key, presence, programs, told, pid } = validator;
  if (upgrade === undefined || presence === undefined || told === undefined) return;
  if (presence.behind) return;
  // The ledger takes the statement of a key without a place, and does not note it.
  if (!presence.validators.some((each) => each.key === key && !each.out)) return;
  // Statements in the block before it still count; this one needs a block of its own.
  if (upgrade.height <= presence.height + 1) return;
  const own = told.upgrades.statements.find((each) => each.key === key);
  if (own !== undefined && isSameUpgrade(upgrade, own.plan)) return;
  if (!knowsCodes(upgrade, told.upgrades, primitives)) return;
  if (!(await programs.hold(upgrade, { sha256: told.program.sha256, pid }))) return;
  const statement = validator.state(upgrade, presence.height);
  if (statement === undefined) return;
  log.info('engine upgrade stated', { height: upgrade.height });
  await sender.send({ to: UPGRADES, data: bytesToHex(utf8ToBytes(statement)) });
}

/** Tells whether this version creates contracts by all codes of an upgrade, and its engine can be told of them. */
function knowsCodes(
  { codes }: EngineUpgrade,
  { codes: taken }: ProgramsTold['upgrades'],
  primitives: StateOptions['primitives'],
): boolean {
  if (codes === undefined) return true;
  return taken !== undefined && !contractsOfCodes(codes, primitives).includes(undefined);
}
