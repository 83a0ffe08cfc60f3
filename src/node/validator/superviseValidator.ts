import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Primitives } from '../../crypto/Primitives.ts';
import type { Clock } from '../../protocol/Clock.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import {
  ENGINE_UPGRADE,
  isSameUpgrade,
  type EngineUpgrade,
} from '../../protocol/network/engineUpgrade.ts';
import { SIGNER_STATES, type SignerState } from '../../protocol/operator/ValidatorKeyPlace.ts';
import { OneOf } from '../../protocol/wire/findShapeError.ts';
import { isOfShape } from '../../protocol/wire/isOfShape.ts';
import type { Logger } from '../operate/Logger.ts';
import { AbsenceLog } from './AbsenceLog.ts';
import type { EnginePrograms } from './EnginePrograms.ts';
import { PRESENCE, type Presence } from './Presence.ts';
import { PROGRAMS_TOLD, type ProgramsTold } from './ProgramsTold.ts';
import type { RemoteSignerState } from './RemoteSigner.ts';
import { upgradeStatement } from './upgradeStatement.ts';
import { handedOver, type ValidatorKeys } from './validatorKeys.ts';

/** A validator that this process runs. */
export interface ValidatorProcess {
  /** Public key that it signs blocks with. */
  readonly key: Bytes32;
  /** Its present process; undefined between its end and its next start. */
  readonly pid: number | undefined;
  /** The state that it told last; undefined before its first block, and while it does not run. */
  readonly presence: Presence | undefined;
  /** Its last report on programs; undefined as `presence` is, and of an older engine. */
  readonly told: ProgramsTold | undefined;
  /** The engine's programs that are here. */
  readonly programs: EnginePrograms;
  /** The remote signer that has its key; undefined if the node's folder has it. */
  readonly signer: RemoteSignerState | undefined;
  /**
   * Makes its statement that it holds the program of an upgrade, signed with its key; undefined if a remote signer has that, for
   * such a program signs votes and proposals alone.
   *
   * @param upgrade - The upgrade.
   * @param block - The newest block.
   */
  state(upgrade: EngineUpgrade, block: number): string | undefined;
  /** Lets it end what it does, and ends it for good. Safe to repeat. */
  stop(): Promise<void>;
}

/** Options of `superviseValidator`. */
export interface ValidatorOptions {
  /** The engine's programs. */
  readonly programs: EnginePrograms;
  /** The validator's folder; it is prepared. */
  readonly home: string;
  /** Its keys, which it gets on its standard input. */
  readonly keys: ValidatorKeys;
  /** Name of the ledger's chain. */
  readonly chain: string;
  readonly primitives: Pick<Primitives, 'signEd25519'>;
  readonly clock: Clock;
  readonly log: Logger;
}

const READY = { ready: 'boolean' } as const;
const TOLD = { present: PRESENCE } as const;
const SIGNER = { signer: new OneOf(...SIGNER_STATES) } as const;
const PROGRAMS = { programs: PROGRAMS_TOLD } as const;
/** Exit code of a program that ends because the ledger goes on with another one. */
const YIELDS = 3;
const YIELDED = { upgrade: ENGINE_UPGRADE } as const;
/** Milliseconds between two looks whether a program that lacks is there. */
const LOOK_EVERY = 2000;
/** First pause before a validator that ended is started again, milliseconds; each next one is twice as long. */
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 60_000;
/** A validator that ran for as long begins with the first pause again, milliseconds. */
const LONG = 60_000;
/** Time that it has to end, milliseconds. */
const PATIENCE = 10_000;
/** The most characters of a line of its log. */
const LONGEST_LINE = 500;

/**
 * Runs a validator, and starts it again when it ends by itself, each time after a longer pause. It ends with this
 * process, however this process ends.
 *
 * @param options - The program, the folder, the log.
 */
export function superviseValidator(options: ValidatorOptions): ValidatorProcess {
  const { programs, home, keys, clock, log, ...signs } = options;
  let child: ChildProcess | undefined;
  let ended: Promise<void> = Promise.resolve();
  let pause = FIRST_PAUSE;
  let stopped = false;
  let presence: Presence | undefined;
  let told: ProgramsTold | undefined;
  let signerState: SignerState | undefined;
  const absence = new AbsenceLog(log);
  let cancel: (() => void) | undefined;
  let isLacking = false;
  let wentOn: EngineUpgrade | undefined;
  start();
  return {
    key: keys.key,
    programs,
    get pid() {
      return child?.pid;
    },
    get presence() {
      return presence;
    },
    get told() {
      return told;
    },
    get signer() {
      return keys.signer && { ...keys.signer, state: signerState };
    },
    state: statementsOf({ keys, ...signs }, log),
    async stop() {
      stopped = true;
      cancel?.();
      const process = child;
      process?.kill('SIGTERM');
      const late = clock.after(PATIENCE, () => process?.kill('SIGKILL'));
      await ended;
      late();
    },
  };

  function start(): void {
    ended = run().catch((error: unknown) => {
      log.error('validator failed', { reason: toMedsealError(error).message });
      again();
    });
  }

  /** Starts it again, later each time. */
  function again(): void {
    if (stopped) return;
    cancel = clock.after(pause, start);
    pause = Math.min(2 * pause, LONGEST_PAUSE);
  }

  /** Runs it once, until it ends. */
  async function run(): Promise<void> {
    const program = await programs.next();
    if (stopped) return;
    if (program === undefined) {
      if (!isLacking) log.error('validator lacks its program', { ...programs.lacking });
      isLacking = true;
      cancel = clock.after(LOOK_EVERY, start);
      return;
    }
    isLacking = false;
    const began = clock.now();
    let yielded: EngineUpgrade | undefined;
    // In a group of its own, so that Ctrl-C reaches it through this process; it ends when its standard input does.
    const process = spawn(program, ['start', home, '--attached'], { detached: true });
    const { pid } = process;
    child = process;
    log.info('validator started', { pid });
    // One that ended before it read them says so by itself.
    process.stdin.on('error', () => undefined).write(handedOver(keys));
    createInterface(process.stdout).on('line', (line) => {
      const said = parseJson(line);
      if (isOfShape(READY, said)) log.info('validator ready', { pid });
      if (isOfShape(PROGRAMS, said)) told = said.programs;
      if (isOfShape(SIGNER, said)) {
        signerState = said.signer;
        tellSigner(signerState, keys, log);
      }
      if (isOfShape(YIELDED, said)) yielded = said.upgrade;
      if (!isOfShape(TOLD, said)) return;
      ({ present: presence } = said);
      absence.note(said.present);
    });
    createInterface(process.stderr).on('line', tell);
    await new Promise<void>((resolve) => {
      process.once('error', (error) => {
        log.error('validator failed', { reason: error.message });
        if (pid === undefined) resolve();
      });
      process.once('close', (code, signal) => {
        if (code !== YIELDS) yielded = undefined;
        const fields = { pid, code: code ?? undefined, signal: signal ?? undefined };
        if (stopped) log.info('validator stopped', fields);
        else if (yielded === undefined) log.error('validator ended', fields);
        resolve();
      });
    });
    child = undefined;
    presence = undefined;
    told = undefined;
    signerState = undefined;
    if (stopped) return;
    if (clock.now() - began >= LONG) pause = FIRST_PAUSE;
    if (yielded === undefined) again();
    else await goOn(yielded);
  }

  /** Goes on with the program that the ledger goes on with: at once, but not again and again. */
  async function goOn(upgrade: EngineUpgrade): Promise<void> {
    const { height } = upgrade;
    // Also again: a full disk can have kept it from that before, or a copy of the folder's file have come back.
    await programs.switchTo(upgrade);
    if (wentOn !== undefined && isSameUpgrade(upgrade, wentOn)) {
      const reason = 'the program that the upgrade names ends for that upgrade too';
      log.error('validator goes on with no other program', { height, reason });
      again();
      return;
    }
    wentOn = upgrade;
    log.warn('validator goes on with another program', { height });
    if (!stopped) cancel = clock.after(0, start);
  }

  /** Passes on a line of its log: JSON with a level and a message, or the words of a crash. */
  function tell(line: string): void {
    const said = parseJson(line) ?? { level: 'error', message: line };
    // Of the engine's libraries, CometBFT calls a reason `err`, and the others `error`.
    const { level, message, err, error = err } = said as Readonly<Record<string, unknown>>;
    const words = [message, error].filter((each) => typeof each === 'string').join(': ');
    const says = words.replaceAll(/\p{Cc}/gu, ' ').slice(0, LONGEST_LINE);
    if (level === 'error' || level === 'fatal') log.error('validator', { says });
    else if (level === 'warn') log.warn('validator', { says });
    else log.debug('validator', { says });
  }
}

/** Makes statements with a key that is here. If a remote signer has the key, it logs once an upgrade that it makes no statement. */
function statementsOf(
  { keys, ...signs }: Pick<ValidatorOptions, 'chain' | 'keys' | 'primitives'>,
  log: Logger,
): ValidatorProcess['state'] {
  let unstated: number | undefined;
  return (upgrade, block) => {
    const { key, seeds } = keys;
    const { validator } = seeds;
    if (validator !== undefined) {
      const own = { key, seeds: { ...seeds, validator } };
      return upgradeStatement({ keys: own, ...signs }, upgrade, block);
    }
    const { height } = upgrade;
    const reason = 'a remote signer has the validator’s key, and signs votes and proposals alone';
    if (height !== unstated) log.warn('engine upgrade not stated', { height, reason });
    unstated = height;
    return undefined;
  };
}

/** Tells a change of a remote signer. */
function tellSigner(state: SignerState, { key, signer }: ValidatorKeys, log: Logger): void {
  const { address } = signer ?? {};
  if (state === 'connected') log.info('remote signer connected', { address });
  else if (state === 'absent') log.error('remote signer absent', { address });
  else log.error('remote signer has another key', { address, key });
}

/** Parses a line; undefined if it is not JSON. */
function parseJson(line: string): unknown {
  try {
    return (JSON.parse(line) as unknown) ?? undefined;
  } catch {
    return undefined;
  }
}
