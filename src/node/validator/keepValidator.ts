import type { BlocksAsked } from '../../peers/askBlocks.ts';
import { repeatedly } from '../repeatedly.ts';
import { Keepers } from './Keepers.ts';
import { openBeginning } from './openBeginning.ts';
import { startValidator, type StartOptions } from './startValidator.ts';
import type { ValidatorProcess } from './superviseValidator.ts';
import type { ValidatorNetwork } from './validatorNetwork.ts';

/** Milliseconds between two looks whether the validator has other peers. */
const ADMIT_EVERY = 2000;

/** Milliseconds between two looks whether enough others keep all blocks. */
const KEEPERS_EVERY = 60_000;

/** Options of `keepValidator`. */
export interface KeepValidatorOptions extends Omit<
  StartOptions,
  'began' | 'networks' | 'snapshot'
> {
  readonly network: ValidatorNetwork;
  /** Returns the other organisations' nodes, as far as their addresses are known. */
  readonly others: () => readonly BlocksAsked[];
  readonly onFailure: (error: unknown) => void;
}

/**
 * Runs an organisation's validator, and has it talk with the validators that the network file in force names, and those to
 * come, whenever these change.
 *
 * @param options - The folder, the network, the settings.
 * @returns The validator; to be stopped before the folder is closed.
 * @throws MedsealError as `startValidator` does.
 */
export async function keepValidator(options: KeepValidatorOptions): Promise<ValidatorProcess> {
  const { network, others, onFailure, ...own } = options;
  const { began, present } = network;
  const { files, settings, clock, log } = own;
  const networks = await present();
  const beginning =
    settings.begin === 'snapshot'
      ? await openBeginning({ files, networks, others: others(), clock, log })
      : undefined;
  const { snapshot } = beginning ?? {};
  const started = startValidator({ ...own, began, networks, snapshot });
  const validator = await started.catch(async (error: unknown) => {
    await beginning?.close();
    throw error;
  });
  const endAdmitting = repeatedly(clock, ADMIT_EVERY, admit, onFailure);
  const { keepBlocks } = settings;
  const keepers = new Keepers({ others, log });
  const endKeeping =
    keepBlocks === undefined
      ? undefined
      : repeatedly(clock, KEEPERS_EVERY, async () => await keep(keepBlocks), onFailure);
  return {
    key: validator.key,
    get pid() {
      return validator.pid;
    },
    get presence() {
      return validator.presence;
    },
    get told() {
      return validator.told;
    },
    get signer() {
      return validator.signer;
    },
    programs: validator.programs,
    state: (upgrade, block) => validator.state(upgrade, block),
    async stop() {
      await endAdmitting();
      await endKeeping?.();
      await validator.stop();
      await beginning?.close();
    },
  };

  async function admit(): Promise<void> {
    if (validator.presence !== undefined) await beginning?.close();
    await validator.admit(await present());
  }

  async function keep(blocks: number): Promise<void> {
    const [inForce] = await present();
    await validator.keep((await keepers.areEnough(inForce)) ? blocks : 0);
  }
}
