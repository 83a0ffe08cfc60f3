import { resolve } from 'node:path';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Configuration } from '../../node/configuration/Configuration.ts';
import { configurationSchema } from '../../node/configuration/configurationSchema.ts';
import { readConfiguration } from '../../node/configuration/readConfiguration.ts';
import { openNodeFolder } from '../../node/NodeFolder.ts';
import { firstFingerprint } from '../../protocol/network/firstFingerprint.ts';
import { machinePorts, type NodePorts } from '../../folder/NodePorts.ts';
import { openToken } from '../../node/token/openToken.ts';
import { createLogger } from '../../node/operate/createLogger.ts';
import type { Logger } from '../../node/operate/Logger.ts';
import { runNode, type NodeProcess } from '../../node/runNode.ts';
import type { PassphraseOptions } from '../home/readPassphrase.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import { fold } from '../terminal/fold.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { untilStopped } from '../program/untilStopped.ts';
import { VERSION } from '../../folder/version.ts';
import { checkNode } from './checkNode.ts';
import { nodePassphrase } from './nodePassphrase.ts';
import type { NODE_RUN } from './nodeAnswers.ts';

/** Options of `medseal up`. */
export interface UpOptions extends PassphraseOptions {
  readonly data: string;
  readonly config?: string;
  readonly set?: readonly string[];
  readonly port?: string;
  readonly peerPort?: string;
  readonly rpcPort?: string;
  readonly operatePort?: string;
  readonly log?: string;
  readonly logLevel?: string;
  readonly standby?: boolean;
  readonly check?: boolean;
  readonly schema?: boolean;
  readonly json?: boolean;
}

/** Longest time, in milliseconds, that closing may take after work under way has had its time. */
const CLOSING = 10_000;

/**
 * Runs a node until it is told to stop.
 *
 * @param terminal - Asks for the passphrase, and is told when it is ready.
 * @param options - See `medseal up --help`.
 */
export async function up(
  terminal: Terminal,
  options: UpOptions,
): Promise<AnswerOf<typeof NODE_RUN> | undefined> {
  if (options.schema === true) {
    await terminal.printJson(configurationSchema(), 2);
    return undefined;
  }
  const data = resolve(options.data);
  const configuration = await readConfiguration({
    folder: data,
    file: options.config,
    environment: process.env,
    line: settingsIn(options),
  });
  if (options.check === true) return await checkNode(terminal, data, configuration, options);
  const { level, format } = configuration.log;
  const { stderr } = process;
  // A line for people is folded as answers are; one for programs stays whole.
  const folds = format === 'pretty' && stderr.isTTY;
  const log = createLogger({
    level,
    format,
    write: (line) => void stderr.write(folds ? fold(line, stderr.columns) : line),
  });
  const ports = await machinePorts();
  const node = await start(terminal, data, configuration, { options, ports, log });
  const ended = Promise.race([untilStopped().then(() => undefined), node.broken]);
  let failure: MedsealError | undefined;
  try {
    const ready = await Promise.race([node.ready, ended.then(() => undefined)]);
    if (ready !== undefined) {
      const { urls } = node;
      const networkId = ready.file.networkId;
      const organisations = [...ready.organisations.keys()];
      const validator = node.validator?.pid;
      const said = {
        ready: true,
        urls,
        networkId,
        fingerprint: firstFingerprint(ports.primitives, ready.file),
        organisations,
        data,
        pid: process.pid,
        ...(validator !== undefined && { validator: { pid: validator } }),
      };
      terminal.progress.end();
      if (options.json === true) await terminal.printJson(said);
      else await terminal.printLines(describe(said));
    }
    failure = await ended;
  } finally {
    // A store that does not close must not keep the process for ever; what is on disk is whole at any moment.
    const bound = configuration.stop.timeout * 1000 + CLOSING;
    const late = setTimeout(() => process.exit(1), bound).unref();
    await node.stop();
    // A caller in the same process goes on.
    clearTimeout(late);
  }
  // Whoever watches over it starts it again; it then waits until there is room.
  if (failure !== undefined) throw failure;
  return undefined;
}

async function start(
  terminal: Terminal,
  data: string,
  configuration: Configuration,
  { options, ports, log }: { options: UpOptions; ports: NodePorts; log: Logger },
): Promise<NodeProcess> {
  const folder = await openNodeFolder(data, {
    ports,
    token: openToken(data, configuration.pkcs11, ports),
    askPassphrase: async () => await nodePassphrase(terminal, options),
    onMigrated: ({ from, about }) => log.info('migrated', { from, about }),
    onForward(store, rows) {
      // They come by the thousand.
      if (rows % 100_000 <= 1000) log.info('rows got their checksums', { store, rows });
    },
  });
  const isStandby = options.standby;
  return await runNode({ folder, configuration, ports, log, version: VERSION, isStandby });
}

/** Options of their own, and `--set key=value`; what is wrong is told by whoever reads it. */
function settingsIn(options: UpOptions): ReadonlyMap<string, string> {
  const named: readonly (readonly [string, string | undefined])[] = [
    ['listen.port', options.port],
    ['peers.port', options.peerPort],
    ['ledger.port', options.rpcPort],
    ['operate.port', options.operatePort],
    ['log.format', options.log],
    ['log.level', options.logLevel],
  ];
  const settings = new Map<string, string>();
  for (const each of options.set ?? []) {
    const [key = '', ...value] = each.split('=');
    if (settings.has(key)) throw twice(`--set ${key}`);
    settings.set(key, value.join('='));
  }
  for (const [key, value] of named) {
    if (value === undefined) continue;
    if (settings.has(key)) throw twice(`--set ${key}`);
    settings.set(key, value);
  }
  return settings;
}

function twice(argument: string): MedsealError {
  const reason = 'the setting takes one value, and was given twice';
  return new MedsealError('ARGUMENT_INVALID', { argument, reason });
}

function describe(ready: {
  readonly urls: NodeProcess['urls'];
  readonly fingerprint: string;
  readonly organisations: readonly string[];
  readonly data: string;
}): readonly string[] {
  const { urls, fingerprint, organisations, data } = ready;
  return [
    `Medseal is ready: ${organisations.join(', ')}, in ${data}.`,
    '',
    ...organisations.map((name) => `  parties        ${urls.agents}/${name}`),
    ...(urls.peers === undefined ? [] : [`  organisations  ${urls.peers}`]),
    ...(urls.ledger === undefined ? [] : [`  ledger         ${urls.ledger}`]),
    `  network        fingerprint ${fingerprint}`,
    `  operator       ${urls.operate}/readyz, ${urls.operate}/metrics`,
    '',
    'Ctrl-C stops it.',
  ];
}
