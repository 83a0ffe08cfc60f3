import type { ErrorCode } from '../../errors/catalogue.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { pause } from '../pause.ts';
import { TOKEN_CODES } from '../token/followToken.ts';
import { keepValidator } from '../validator/keepValidator.ts';
import type { ValidatorProcess } from '../validator/superviseValidator.ts';
import type { BlocksAsked } from '../../peers/askBlocks.ts';
import { othersBlocks } from './othersBlocks.ts';
import { requireNamed } from './requireNamed.ts';
import type { RunContext } from './RunContext.ts';

/** Milliseconds between two looks whether the node can be opened. */
const LOOK_EVERY = 1000;

/**
 * Waits until a node can be opened for the first time: there is room, its token signs, and the network file names it. Its validator, if it is
 * in this folder, is started as soon as there is room.
 *
 * @param context - The process.
 * @param onValidator - Called with the validator once it is started, if there is one.
 * @throws MedsealError `CLOSED` if the process ends meanwhile; as `requireNamed` and `keepValidator` do.
 */
export async function beginRun(
  context: RunContext,
  onValidator: (validator: ValidatorProcess) => void,
): Promise<void> {
  const { folder, ports, space } = context;
  // Stores write when they are opened.
  await untilPasses(context, ['STORAGE_FULL'], 'waiting for room', async () => {
    await Promise.resolve();
    if (space.fault !== undefined) throw space.fault;
  });
  await untilPasses(context, TOKEN_CODES, 'waiting for the token', async () => {
    await Promise.resolve();
    if (folder.token?.fault !== undefined) throw folder.token.fault;
  });
  const validator = await startValidator(context);
  if (validator !== undefined) onValidator(validator);
  // Of one that joins, a network file to come names it.
  const isNamed = async (): Promise<void> => await requireNamed(folder, ports);
  await untilPasses(context, ['NOT_YET'], 'waiting to join', isNamed);
}

/** Repeats a check while it fails for a reason that passes. */
async function untilPasses(
  { ports, waiting, ended }: RunContext,
  codes: readonly ErrorCode[],
  event: string,
  check: () => Promise<void>,
): Promise<void> {
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      if (!codes.some((code) => isMedsealError(error, code))) throw error;
      waiting.waits(event, error);
    }
    await pause(ports.clock, LOOK_EVERY, ended);
    if (ended.aborted) throw new MedsealError('CLOSED', { what: 'node' });
  }
}

async function startValidator(context: RunContext): Promise<ValidatorProcess | undefined> {
  const { folder, configuration, ports, role, log, onFailure } = context;
  const { validating: network, hosts } = role;
  const [organisation] = hosts;
  if (network === undefined || organisation === undefined) return undefined;
  // That of an organisation that left is not started.
  await requireNamed(folder, ports).catch((error: unknown) => {
    if (!isMedsealError(error, 'NOT_YET')) throw error;
  });
  const { files } = folder;
  const { primitives, clock } = ports;
  const settings = configuration.validator;
  const own = { files, organisation, settings, keys: await folder.validatorKeys(settings) };
  const others = (): readonly BlocksAsked[] => othersBlocks(context);
  return await keepValidator({ ...own, network, others, primitives, clock, log, onFailure });
}
