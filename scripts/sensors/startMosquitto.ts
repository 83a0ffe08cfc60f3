import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Path of mosquitto; undefined if it is not installed. */
export const MOSQUITTO = ['/usr/sbin/mosquitto', '/usr/bin/mosquitto'].find((path) =>
  existsSync(path),
);

/** Options of `startMosquitto`. */
export interface MosquittoOptions {
  /** Folder of its configuration and of what it keeps. */
  readonly folder: string;
  readonly port: number;
  /** True if it keeps sessions, and what waits in them, on disk. */
  readonly persistence?: boolean;
  /** Further lines of its configuration. */
  readonly lines?: readonly string[];
}

/**
 * Starts mosquitto on loopback in a process of its own; resolves once it takes connections.
 *
 * @param options - Folder, port, and configuration.
 * @throws Error with what mosquitto said if it ends instead.
 */
export async function startMosquitto({
  folder,
  port,
  persistence = false,
  lines = ['allow_anonymous true'],
}: MosquittoOptions): Promise<ChildProcessWithoutNullStreams> {
  if (MOSQUITTO === undefined) throw new Error('mosquitto is not installed');
  const keeping = [
    'persistence true',
    `persistence_location ${folder}/`,
    // At moments, not at changes: it writes all that waits each time, and falls behind if much waits.
    'autosave_interval 1',
  ];
  const configuration = [
    `listener ${port} 127.0.0.1`,
    ...(persistence ? keeping : []),
    'max_queued_messages 0',
    'user root',
    ...lines,
    '',
  ];
  const path = join(folder, 'mosquitto.conf');
  await writeFile(path, configuration.join('\n'));
  const broker = spawn(MOSQUITTO, ['-c', path]);
  broker.stdout.resume();
  const heard: string[] = [];
  let isRunning = false;
  for await (const line of createInterface(broker.stderr)) {
    heard.push(line);
    isRunning = line.includes('running');
    if (isRunning) break;
  }
  if (!isRunning) throw new Error(`mosquitto ended: ${heard.join('\n')}`);
  broker.stderr.resume();
  return broker;
}
