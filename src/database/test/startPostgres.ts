import {
  execFile,
  spawn,
  spawnSync,
  type ChildProcess,
  type SpawnOptions,
} from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { appendFile, chmod, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { setImmediate as soon } from 'node:timers/promises';

/** A PostgreSQL server of a test, on a Unix socket. */
export interface TestPostgres {
  /** Folder of all its files, the logs of its writes among them. */
  readonly data: string;
  /** URL of its database. */
  readonly url: string;
  /** File with the password. */
  readonly password: string;
  /** Runs statements as its operator, and returns what they print. */
  sql(text: string): string;
  /**
   * Holds a table, so that whoever writes to it waits.
   * @returns Call it to let go.
   */
  block(table: string): Promise<() => Promise<void>>;
  /** Stops it at once, as a power cut of the server's process would, and starts it again. */
  crash(): Promise<void>;
  /** Kills it, as a power cut would; its files stay, and `start` starts it again. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Has a standby take writes from now on. */
  promote(): void;
  /**
   * Makes a killed server the standby of one that was promoted in its place, and starts it.
   * @param primary - The server that takes writes now.
   * @param by - By taking back what the other one does not have, or by a new copy of all of it.
   */
  rejoin(primary: TestPostgres, by: 'rewind' | 'copy'): Promise<void>;
  /**
   * Has a server acknowledge nothing from now on that its standby lacks; resolves once the standby has everything.
   */
  requireStandby(): Promise<void>;
  stop(): Promise<void>;
}

/** Options of `startPostgres`. */
export interface TestPostgresOptions {
  /** Further lines of its configuration. */
  readonly settings?: readonly string[];
  /** Files to be put into its folder, which only it may read. */
  readonly files?: Readonly<Record<string, string>>;
  /** The server that it is a standby of, from the start on; a server of its own if absent. */
  readonly standbyOf?: TestPostgres;
}

const execute = promisify(execFile);
const USER = 'medseal';
const PASSWORD = 'a password of a test';
/** A client that was killed leaves its statement to run on. */
const END_SLEEPERS = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'`;

const REQUIRE_STANDBY = [
  `ALTER SYSTEM SET synchronous_standby_names = '*'`,
  'SELECT pg_reload_conf()',
];
/** True at a server once a synchronous standby has all of its writes on disk. */
const IS_FOLLOWED = `SELECT coalesce(bool_or(sync_state = 'sync' AND flush_lsn >= pg_current_wal_flush_lsn()), false) FROM pg_stat_replication`;

/** Folder of PostgreSQL's programs; undefined if this machine has none. */
export const POSTGRES_PROGRAMS = ((): string | undefined => {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).toSorted().toReversed() : [];
  return [
    process.env['POSTGRES_PROGRAMS'] ?? '',
    ...versions.map((version) => join(root, version, 'bin')),
  ].find((folder) => folder !== '' && existsSync(join(folder, 'initdb')));
})();

/** Reason to skip a test, or false. */
export const WITHOUT_POSTGRES =
  POSTGRES_PROGRAMS === undefined &&
  'PostgreSQL is not installed: apt-get install postgresql, or set POSTGRES_PROGRAMS';

/** Makes a server with a new, empty database, and starts it. It syncs what it writes. */
export async function startPostgres({
  settings = [],
  files = {},
  standbyOf,
}: TestPostgresOptions = {}): Promise<TestPostgres> {
  if (POSTGRES_PROGRAMS === undefined) throw new Error('PostgreSQL is not installed');
  const programs = POSTGRES_PROGRAMS;
  const root = mkdtempSync(join(tmpdir(), 'medseal-pg-'));
  const [data, password, made] = [join(root, 'data'), `${root}/password`, `${root}/made`];
  const owner = ownerOf(root);
  await writeFile(password, PASSWORD, { mode: 0o600 });
  await writeFile(made, PASSWORD, { mode: 0o644 });
  if (standbyOf === undefined) {
    run('initdb', [
      '-D',
      data,
      '-U',
      USER,
      '-A',
      'scram-sha-256',
      '--pwfile',
      made,
      '--no-sync',
      '-k',
      '-E',
      'UTF8',
      '--locale=C',
    ]);
  } else {
    await copy(standbyOf);
  }
  for (const [name, content] of Object.entries(files)) {
    const path = join(data, name);
    await writeFile(path, content);
    if (owner !== undefined) chownSync(path, owner.uid, owner.gid);
    await chmod(path, 0o600);
  }
  await appendFile(
    join(data, 'postgresql.conf'),
    [
      "listen_addresses = ''",
      'shared_buffers = 16MB',
      'log_min_messages = log',
      'max_wal_senders = 4',
      'wal_keep_size = 128MB',
      ...settings,
      '',
    ].join('\n'),
  );
  let server = await started();

  function how(environment: Readonly<Record<string, string>>) {
    const env = { ...process.env, LC_ALL: 'C', ...environment };
    return { ...owner, cwd: root, encoding: 'utf8', env } as const;
  }

  function run(program: string, args: readonly string[], environment = {}): string {
    const { status, stdout, stderr } = spawnSync(join(programs, program), args, how(environment));
    if (status !== 0) throw new Error(`${program}: ${stderr}`);
    return stdout;
  }

  /** Runs a program as the server's operator, while this process goes on. */
  async function operate(program: string, args: readonly string[]): Promise<string> {
    const file = join(programs, program);
    return (await execute(file, args, how({ PGPASSWORD: PASSWORD }))).stdout;
  }

  async function copy(primary: TestPostgres): Promise<void> {
    const from = ['-h', dirname(primary.data), '-U', USER];
    await operate('pg_basebackup', ['-D', data, ...from, '-R', '--no-sync', '-c', 'fast']);
  }

  async function started(): Promise<ChildProcess> {
    // As a setting `pg_rewind` would take the socket's folder from the other server.
    const child = spawn(join(programs, 'postgres'), ['-D', data, '-k', root], {
      ...owner,
      cwd: root,
      // A standby asks the other server with it.
      env: { ...process.env, LC_ALL: 'C', PGPASSWORD: PASSWORD },
      stdio: ['ignore', 'ignore', 'pipe'],
    } satisfies SpawnOptions);
    const lines: string[] = [];
    for await (const line of createInterface(child.stderr ?? process.stdin)) {
      lines.push(line);
      if (/ready to accept (?:read-only )?connections/.test(line)) {
        child.stderr?.resume();
        return child;
      }
    }
    throw new Error(`postgres did not start: ${lines.join('\n')}`);
  }

  function psqlFor(...texts: readonly string[]): readonly string[] {
    const statements = texts.flatMap((text) => ['-c', text]);
    const set = ['-AtqX', '-v', 'ON_ERROR_STOP=1'];
    return ['-h', root, '-U', USER, '-d', 'postgres', ...set, ...statements];
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const ended = once(server, 'exit');
    const own = childrenOf(server.pid);
    server.kill(signal);
    await ended;
    // Those of a killed server notice it a moment later, and until then it does not start.
    while (own.some(isAlive)) await soon();
  }

  return {
    data,
    url: `postgres://${USER}@/postgres?host=${root}`,
    password,
    sql: (text) => run('psql', psqlFor(text), { PGPASSWORD: PASSWORD }),
    async block(table) {
      const text = `BEGIN; LOCK TABLE ${table}; SELECT 'held'; SELECT pg_sleep(600)`;
      const child = spawn(join(programs, 'psql'), psqlFor(...text.split('; ')), {
        cwd: root,
        env: { ...process.env, PGPASSWORD: PASSWORD },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      for await (const line of createInterface(child.stdout)) if (line === 'held') break;
      return async () => {
        const ended = once(child, 'exit');
        child.kill('SIGKILL');
        run('psql', psqlFor(END_SLEEPERS), { PGPASSWORD: PASSWORD });
        await ended;
      };
    },
    async crash() {
      await end('SIGQUIT');
      server = await started();
    },
    kill: async () => await end('SIGKILL'),
    async start() {
      // A killed server leaves the note that it runs.
      await rm(join(data, 'postmaster.pid'), { force: true });
      server = await started();
    },
    async rejoin(primary, by) {
      // A killed server leaves the note that it runs.
      await rm(join(data, 'postmaster.pid'), { force: true });
      if (by === 'rewind') {
        // Until its first checkpoint the other one does not say that it was promoted.
        primary.sql('CHECKPOINT');
        const source = `host=${dirname(primary.data)} user=${USER} dbname=postgres`;
        await operate('pg_rewind', ['-D', data, '--source-server', source, '-R', '--no-sync']);
      } else {
        await rm(data, { recursive: true });
        await copy(primary);
      }
      server = await started();
    },
    async requireStandby() {
      await operate('psql', psqlFor(...REQUIRE_STANDBY));
      while ((await operate('psql', psqlFor(IS_FOLLOWED))).trim() !== 't') await soon();
    },
    promote: () => void run('psql', psqlFor('SELECT pg_promote()'), { PGPASSWORD: PASSWORD }),
    async stop() {
      if (server.exitCode === null && server.signalCode === null) await end('SIGQUIT');
      await rm(root, { recursive: true });
    },
  };
}

/** Processes that a process started; none where the system does not tell. */
function childrenOf(pid = 0): readonly number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return text.trim().split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** The server refuses to run as root. */
function ownerOf(root: string): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const [uid, gid] = ['-u', '-g'].map((flag) => Number(spawnSync('id', [flag, 'nobody']).stdout));
  if (uid === undefined || gid === undefined) throw new Error('there is no user nobody');
  chownSync(root, uid, gid);
  return { uid, gid };
}
