import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';

/** Machines of a network of their own, which this process's network connects. */
export interface Machines {
  /** Address of a machine. */
  hostOf(place: number): string;
  /** Runs the command that follows on a machine. */
  within(place: number): readonly string[];
  /** Drops all packets of a machine to another one; those that the other sends arrive. */
  cut(from: number, to: number): Promise<void>;
  /** Drops what a machine sends to a TCP port of another one, or from that port of its own; all else arrives. */
  cutPort(
    from: number,
    to: number,
    ports: { readonly own: number; readonly other: number },
  ): Promise<void>;
  /** Lets a machine send and get no more than so many kilobits in a second, which wait for up to two seconds. */
  narrow(place: number, kilobits: number): Promise<void>;
  /** Takes back every `cut` and `narrow`. */
  heal(): Promise<void>;
  close(): Promise<void>;
}

/** Set in a process that `inOwnNetwork` started. */
const APART = 'MACHINES_APART';
/** Starts a program in a network of its own, in which it is root. */
const UNSHARE = ['--user', '--map-root-user', '--net'];
const run = promisify(execFile);

/** True in a process whose network is its own, so that `openMachines` may change it. */
export const isApart: boolean = process.env[APART] !== undefined;

/** Why this machine cannot play several; undefined if it can. */
export function machinesMissing(): string | undefined {
  const tried = [
    'ip link add m0 type veth peer name m1',
    'ip rule add from 10.77.0.2 to 10.77.1.2 blackhole',
    'tc qdisc add dev m0 root tbf rate 1mbit burst 32kbit latency 1s',
  ].join(' && ');
  const { status } = spawnSync('unshare', [...UNSHARE, 'sh', '-c', tried]);
  return status === 0
    ? undefined
    : 'this machine has no network namespaces for this user, or no ip and tc (iproute2)';
}

/**
 * Runs a file with Node in a network of its own, and passes on what it says.
 *
 * @param file - The file.
 * @returns Its exit code.
 */
export async function inOwnNetwork(file: string): Promise<number | null> {
  const { NODE_TEST_CONTEXT: _, ...environment } = process.env;
  const child = spawn('unshare', [...UNSHARE, process.execPath, file], {
    env: { ...environment, [APART]: '1' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}

/**
 * Makes machines out of network namespaces, each with a line to this process, which passes on what they send each other.
 *
 * @param count - Number of machines.
 */
export async function openMachines(count: number): Promise<Machines> {
  await sh('ip link set lo up; echo 1 > /proc/sys/net/ipv4/ip_forward');
  // Each ends with this process, because its standard input does.
  const holders = Array.from({ length: count }, () =>
    spawn('unshare', ['--net', 'sh', '-c', 'echo; cat'], { stdio: ['pipe', 'pipe', 'inherit'] }),
  );
  await Promise.all(holders.map(async ({ stdout }) => await once(stdout, 'data')));
  const within = (place: number): readonly string[] => [
    'nsenter',
    `--net=/proc/${holders[place]?.pid}/ns/net`,
  ];
  for (const [place, { pid }] of holders.entries()) {
    const gate = `10.77.${place}.1`;
    await sh(`ip link add ${line(place)} type veth peer name out netns ${pid}
ip addr add ${gate}/30 dev ${line(place)}
ip link set ${line(place)} up`);
    await sh(
      `ip link set lo up
ip addr add ${hostOf(place)}/30 dev out
ip link set out up
ip route add default via ${gate}`,
      within(place),
    );
  }
  let undo: (() => Promise<void>)[] = [];
  return {
    hostOf,
    within,
    cut: async (from, to) => await drop(from, to, ''),
    async cutPort(from, to, { own, other }) {
      await drop(from, to, `ipproto tcp sport ${own}`);
      await drop(from, to, `ipproto tcp dport ${other}`);
    },
    async narrow(place, kilobits) {
      const limit = `tbf rate ${kilobits}kbit burst 16kbit latency 2s`;
      await sh(`tc qdisc add dev ${line(place)} root ${limit}`);
      await sh(`tc qdisc add dev out root ${limit}`, within(place));
      undo.push(async () => {
        await sh(`tc qdisc del dev ${line(place)} root`);
        await sh('tc qdisc del dev out root', within(place));
      });
    },
    async heal() {
      for (const each of undo) await each();
      undo = [];
    },
    async close() {
      await Promise.all(
        holders.map(async (holder) => {
          holder.stdin.end();
          if (holder.exitCode === null) await once(holder, 'exit');
        }),
      );
    },
  };

  async function drop(from: number, to: number, which: string): Promise<void> {
    const rule = `from ${hostOf(from)} to ${hostOf(to)} ${which} blackhole`;
    await sh(`ip rule add ${rule}`);
    undo.push(async () => await sh(`ip rule del ${rule}`));
  }
}

function hostOf(place: number): string {
  return `10.77.${place}.2`;
}

/** This process's end of the line to a machine. */
function line(place: number): string {
  return `m${place}`;
}

async function sh(script: string, within: readonly string[] = []): Promise<void> {
  const [program, ...args] = [...within, 'sh', '-ec', script];
  await run(program, args);
}
