import { repeatedly } from '../repeatedly.ts';
import { startValidator, type StartOptions } from './startValidator.ts';
import type { ValidatorProcess } from './superviseValidator.ts';
import type { ValidatorNetwork } from './validatorNetwork.ts';

/** Milliseconds between two looks whether the validator has other peers. */
const ADMIT_EVERY = 2000;

/** Options of `keepValidator`. */
export interface KeepValidatorOptions extends Omit<StartOptions, 'began' | 'networks'> {
  readonly network: ValidatorNetwork;
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
  const { network, onFailure, ...own } = options;
  const { began, present } = network;
  const validator = await startValidator({ ...own, began, networks: await present() });
  const admit = async (): Promise<void> => await validator.admit(await present());
  const endAdmitting = repeatedly(own.clock, ADMIT_EVERY, admit, onFailure);
  return {
    key: validator.key,
    get pid() {
      return validator.pid;
    },
    get presence() {
      return validator.presence;
    },
    async stop() {
      await endAdmitting();
      await validator.stop();
    },
  };
}
