import type { Primitives } from '../../crypto/Primitives.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { withPartners, type FurtherContract } from '../../protocol/network/furtherContracts.ts';
import { presentNodes } from '../../protocol/network/networkLookups.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { Successor } from '../../protocol/network/Successor.ts';
import { codesOfContracts, contractsOfCodes } from './contractsOfCodes.ts';
import type { ValidatorProcess } from './superviseValidator.ts';

/** A change that can name codes. */
export interface ChangeOfCodes {
  readonly predecessor: Pick<NetworkFile, 'founders' | 'nodes'>;
  readonly successor: Pick<Successor, 'engine'>;
  readonly unheard?: readonly Organisation[] | undefined;
}

/**
 * Requires that the codes which an upgrade names are those of contracts that this version of Medseal creates, that the ledger does not
 * take them yet, and that the validators can be told of them, before an organisation signs it.
 *
 * @param validator - The organisation's validator, which told of programs: `requireUpgrade` has looked before.
 * @param change - The network file that it follows, the change, and organisations whose validators the operator vouches for.
 * @param primitives - Hashes.
 * @returns The contracts, in the order of the codes; none if it names none.
 * @throws MedsealError `SUCCESSOR_INVALID` with the reason.
 */
export function requireCodes(
  validator: Pick<ValidatorProcess, 'told'> | undefined,
  { predecessor, successor, unheard = [] }: ChangeOfCodes,
  primitives: Pick<Primitives, 'keccak256'>,
): readonly FurtherContract[] {
  const { codes } = successor.engine ?? {};
  if (codes === undefined) return [];
  const { program, others = [], upgrades } = validator?.told ?? {};
  const taken = upgrades?.codes;
  if (taken === undefined) {
    throw invalid(
      'the validator of this node runs an engine that takes no further codes: upgrade the engine first, by a change of its own',
    );
  }
  // An engine that does not know codes would part from the others by the first statement.
  const older = new Set(
    others.flatMap((each) => (each.version === program?.version ? [] : each.node)),
  );
  const names = presentNodes(predecessor)
    .filter(({ validator: each }) => each !== undefined && older.has(each.node))
    .map(({ organisation }) => organisation)
    .filter((organisation) => !unheard.includes(organisation));
  if (names.length > 0) {
    throw invalid(
      `the engine of ${names.join(', ')} is of another version than ${program?.version}, which this node runs: upgrade the engine first, by a change of its own`,
    );
  }
  return contractsOfCodes(codes, primitives).map((contract, place) => {
    const hash = codes[place]?.hash;
    if (contract === undefined) {
      throw invalid(`by the code ${hash} this version of Medseal creates no contract`);
    }
    if (taken.some((code) => code.hash === hash)) {
      throw invalid(`the ledger takes the code of ${contract} already`);
    }
    return contract;
  });
}

/**
 * Requires that the ledger takes the codes of contracts that are to be created.
 *
 * @param validator - The organisation's validator; nothing is required without one that says which codes the ledger takes.
 * @param contracts - Names of the contracts; those that they cannot be without are looked at too.
 * @param primitives - Hashes.
 * @throws MedsealError `ARGUMENT_INVALID` with those that are to be admitted first.
 */
export function requireTaken(
  validator: Pick<ValidatorProcess, 'told'> | undefined,
  contracts: readonly FurtherContract[],
  primitives: Pick<Primitives, 'keccak256'>,
): void {
  const taken = validator?.told?.upgrades.codes;
  if (taken === undefined) return;
  const lacking = withPartners(contracts).filter((name) =>
    codesOfContracts([name], primitives).some(
      ({ hash }) => !taken.some((code) => code.hash === hash),
    ),
  );
  if (lacking.length === 0) return;
  const options = lacking.map((name) => `--admit ${name}`).join(' ');
  const reason = `the ledger takes no creation of ${lacking.join(', ')} yet: first propose a change with ${options} and --height`;
  throw new MedsealError('ARGUMENT_INVALID', { argument: 'contract', reason });
}

function invalid(reason: string): MedsealError {
  return new MedsealError('SUCCESSOR_INVALID', { reason });
}
